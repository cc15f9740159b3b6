namespace Microsoft.Build.Framework;

/// <summary>
/// Tells MSBuild 18.6 and later that a task may run on a thread beside other tasks: it uses no static state, no current
/// directory and no environment variables. MSBuild finds the attribute by its full name, so that a task can carry it
/// without depending on a version that defines it.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class MSBuildMultiThreadableTaskAttribute : Attribute;
