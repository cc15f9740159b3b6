using Mnn.Quantize.Tasks.Tests.Infrastructure;

namespace Mnn.Quantize.Tasks.Tests;

/// <summary>Lock files in real builds.</summary>
[TestClass]
public sealed class LockTests
{
    private const string Bin = "bin/Debug/net10.0/model.mnn";

    [TestMethod]
    public async Task A_locked_build_makes_the_same_bytes_without_the_pictures_and_any_difference_is_an_error()
    {
        var project = new ConsumerProject(
            "Lock",
            """<MnnModel Include="model.mnn" Config="quant.json" MinCosine="0.9" />""",
            "<TargetFramework>net10.0</TargetFramework>");
        string lockFile = Path.Combine(project.Folder, "model.mnn.quant.lock");

        // The model is there already when the lock file is asked for.
        (await project.Build()).AssertQuantized();
        Assert.IsFalse(File.Exists(lockFile));
        (await project.Build("-p:MnnQuantizeLock=true")).AssertQuantized();
        byte[] bytes = File.ReadAllBytes(Path.Combine(project.Folder, Bin));
        DateTime written = File.GetLastWriteTimeUtc(lockFile);
        (await project.Build("-p:MnnQuantizeLock=true")).AssertSkipped();
        Assert.AreEqual(written, File.GetLastWriteTimeUtc(lockFile));

        foreach (string folder in new[] { "bin", "obj", "pictures", "calibration" }.Select(name => Path.Combine(project.Folder, name)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        BuildRun locked = await project.Build("-p:MnnQuantizeLocked=true");
        Assert.AreEqual(0, locked.ExitCode, locked.Output);
        Assert.IsTrue(locked.Says("as locked"), locked.Output);
        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(Path.Combine(project.Folder, Bin)));
        (await project.Build("-p:MnnQuantizeLocked=true")).AssertSkipped();

        byte[] model = File.ReadAllBytes(Path.Combine(project.Folder, "model.mnn"));
        File.WriteAllBytes(Path.Combine(project.Folder, "model.mnn"), [.. model, 0]);
        BuildRun changed = await project.Build("-p:MnnQuantizeLocked=true");
        Assert.AreNotEqual(0, changed.ExitCode);
        Assert.AreEqual("MNNQ1153", changed.Errors.Single().Code);
        Assert.AreEqual(lockFile, changed.Errors[0].File);

        File.Delete(lockFile);
        BuildRun missing = await project.Build("-p:MnnQuantizeLocked=true");
        Assert.AreEqual("MNNQ1151", missing.Errors.Single().Code);
    }
}
