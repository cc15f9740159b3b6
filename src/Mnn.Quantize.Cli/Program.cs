using Mnn.Quantize.Cli;
using Mnn.Quantize.Cli.Terminal;

using var interrupts = new Interrupts();
using var terminal = UserTerminal.OfProcess();
return CommandLine.Run(args, terminal, interrupts.Token, Environment.Exit);
