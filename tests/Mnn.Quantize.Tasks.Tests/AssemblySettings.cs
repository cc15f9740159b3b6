// A build of a small project keeps one core busy at most times; two beside each other take two thirds of the time of two in turn.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
