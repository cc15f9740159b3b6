using System.Collections;
using Microsoft.Build.Framework;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Stands for MSBuild in tests of a single task.</summary>
internal sealed class RecordingEngine : IBuildEngine
{
    private readonly List<BuildErrorEventArgs> _errors = [];

    internal IReadOnlyList<BuildErrorEventArgs> Errors => _errors;

    public bool ContinueOnError => false;

    public int LineNumberOfTaskNode => 0;

    public int ColumnNumberOfTaskNode => 0;

    public string ProjectFileOfTaskNode => "test.targets";

    public void LogErrorEvent(BuildErrorEventArgs e) => _errors.Add(e);

    public void LogWarningEvent(BuildWarningEventArgs e)
    {
    }

    public void LogMessageEvent(BuildMessageEventArgs e)
    {
    }

    public void LogCustomEvent(CustomBuildEventArgs e)
    {
    }

    public bool BuildProjectFile(
        string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) =>
        throw new NotSupportedException();
}
