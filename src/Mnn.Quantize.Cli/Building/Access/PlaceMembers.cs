namespace Mnn.Quantize.Cli.Building.Access;

/// <summary>The members that lead to a model's bytes, by its <c>Deploy</c>.</summary>
internal static class PlaceMembers
{
    internal static void Write(CodeText code, ModelAccess access)
    {
        if (Is(access, "Embed"))
        {
            WriteResource(code, access.ResourceName);
        }
        else if (Is(access, "Copy") || Is(access, "Content") || Is(access, "None"))
        {
            WriteFile(code, access);
        }
        else
        {
            string name = access.ResourceName.Length > 0 ? access.ResourceName : access.TargetPath;
            code.Constant("string", "AssetName", CodeText.Quote(name), $"Name of the asset ({access.Deploy}), for the platform's way to open it.");
        }
    }

    private static bool Is(ModelAccess access, string deploy) => access.Deploy.Equals(deploy, StringComparison.OrdinalIgnoreCase);

    private static void WriteResource(CodeText code, string name)
    {
        code.Constant("string", "ResourceName", CodeText.Quote(name), "Name of the resource in this assembly.");
        code.Summary("Opens the model; the caller disposes of the stream.");
        code.Open("public static global::System.IO.Stream OpenRead()");
        code.Line("return typeof(MnnModels).Assembly.GetManifestResourceStream(ResourceName)");
        code.Line("    ?? throw new global::System.InvalidOperationException(\"The resource '\" + ResourceName + \"' is missing.\");");
        code.Close();
    }

    private static void WriteFile(CodeText code, ModelAccess access)
    {
        code.Constant("string", "RelativePath", CodeText.Quote(access.TargetPath), "Path below the output folder, with slashes.");
        if (Is(access, "None"))
        {
            return;
        }

        code.Summary("Full path of the file, in the folder of the app.");
        code.Open("public static string FilePath");
        code.Line("get { return global::System.IO.Path.Combine(global::System.AppContext.BaseDirectory, RelativePath.Replace('/', global::System.IO.Path.DirectorySeparatorChar)); }");
        code.Close();
        code.Summary("Opens the model; the caller disposes of the stream.");
        code.Open("public static global::System.IO.Stream OpenRead()");
        code.Line("return global::System.IO.File.OpenRead(FilePath);");
        code.Close();
    }
}
