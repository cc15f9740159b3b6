using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Mnn.Quantize.Tasks;

/// <summary>
/// Deals the <c>MnnCalibrationImage</c> items out to the models: those whose <c>Model</c> names a model to this model, the
/// others to all models that have none of their own.
/// </summary>
internal sealed class CalibrationImages(ITaskItem[] items, string projectFile)
{
    private readonly string _folder = Path.GetDirectoryName(projectFile)! + Path.DirectorySeparatorChar;

    /// <summary>Gives each model its pictures; logs those that are bound to no model.</summary>
    internal void DealOut(IReadOnlyList<ModelRequest> models, TaskLoggingHelper log)
    {
        if (items.Length == 0)
        {
            return;
        }

        string[] shared = Sorted(items.Where(item => ModelsOf(item).Length == 0));
        ILookup<string, ITaskItem> bound = items
            .SelectMany(item => ModelsOf(item).Select(model => (model, item)))
            .ToLookup(pair => pair.model, pair => pair.item, StringComparer.OrdinalIgnoreCase);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ModelRequest model in models)
        {
            string[] names = [.. bound.Select(group => group.Key).Where(name => Names(name, model))];
            used.UnionWith(names);
            string[] own = Sorted(names.SelectMany(name => bound[name]));
            model.Pictures = own.Length > 0 ? own : shared;
        }

        foreach (IGrouping<string, ITaskItem> group in bound.Where(group => !used.Contains(group.Key)))
        {
            BuildErrors.UnknownModelOfImage(log, projectFile, group.First().ItemSpec, group.Key);
        }
    }

    private static string[] ModelsOf(ITaskItem item) =>
        [.. item.GetMetadata("Model").Split([';'], StringSplitOptions.RemoveEmptyEntries).Select(name => name.Trim()).Where(name => name.Length > 0)];

    /// <summary>A model is named by its file name or its path.</summary>
    private bool Names(string name, ModelRequest model) =>
        string.Equals(name, Path.GetFileName(model.Source), StringComparison.OrdinalIgnoreCase) ||
        string.Equals(ProjectPath.Resolve(projectFile, name), model.Source, StringComparison.OrdinalIgnoreCase);

    /// <summary>By path below the project, so that every checkout on every machine has the same order; each once.</summary>
    private string[] Sorted(IEnumerable<ITaskItem> pictures) =>
        [.. pictures.Select(item => ProjectPath.Resolve(projectFile, item.ItemSpec)).Distinct().OrderBy(SortKey, StringComparer.Ordinal)];

    private string SortKey(string path) =>
        (path.StartsWith(_folder, StringComparison.Ordinal) ? path.Substring(_folder.Length) : path).Replace('\\', '/');
}
