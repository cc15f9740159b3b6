// Each test starts builds that use all cores: beside each other they would only wait.
[assembly: DoNotParallelize]
