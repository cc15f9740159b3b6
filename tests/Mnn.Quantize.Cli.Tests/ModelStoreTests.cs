using Mnn.Quantize.Cli.Building;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Verification;

namespace Mnn.Quantize.Cli.Tests;

[TestClass]
public sealed class ModelStoreTests
{
    [TestMethod]
    public void Beyond_its_size_the_entries_not_used_for_longest_go()
    {
        using var folder = new TestFolder();
        var store = new ModelStore(folder["store"]) { MostBytes = 250 };
        ContentKey[] keys = [.. Enumerable.Range(0, 3).Select(i => new ContentKey([new("model", $"{i}")]))];
        Add(store, folder, keys[0]);
        Add(store, folder, keys[1]);
        DateTime longAgo = DateTime.UtcNow.AddDays(-1);
        foreach (string file in Directory.GetFiles(folder["store"], "*.mnn", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, longAgo);
        }

        Assert.IsNotNull(store.TryFetch(keys[0], folder["out"]), "It is fetched, hence used.");
        Add(store, folder, keys[2]);

        Assert.IsNotNull(store.TryFetch(keys[0], folder["out"]));
        Assert.IsNull(store.TryFetch(keys[1], folder["out"]));
        Assert.IsNotNull(store.TryFetch(keys[2], folder["out"]));
    }

    [TestMethod]
    public void A_key_is_locked_for_one_at_a_time()
    {
        using var folder = new TestFolder();
        var store = new ModelStore(folder["store"]);
        var key = new ContentKey([new("model", "x")]);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        using (store.Lock(key, CancellationToken.None))
        {
            Assert.ThrowsExactly<OperationCanceledException>(() => store.Lock(key, soon.Token));
        }

        store.Lock(key, CancellationToken.None).Dispose();
    }

    [TestMethod]
    public void A_record_keeps_what_a_report_shows_of_the_run()
    {
        using var folder = new TestFolder();
        var sensitivity = new OperatorSensitivity("conv 1", "Convolution", "conv: 1", true, true, 9, 0.9, 0.8, double.PositiveInfinity);
        var tried = new TriedModel("KL", 0.9, 1, 100, ["conv 1"], true) { Accuracy = 0.5 };
        var record = new BuildRecord(
            new Dictionary<string, string> { ["model"] = "ab" }, "cd", false,
            new RecordedFigures(400, 100, 0.5, 0.99, 1, 1, 1, 8, QuantizeMode.Int8, ComparedOn.Samples, []), new RecordedDetails([sensitivity], [tried]));
        record.Write(folder["model.key"]);

        QuantizeResult read = BuildRecord.Read(folder["model.key"])!.ToResult("x");

        Assert.AreEqual(sensitivity, read.Sensitivities.Single());
        Assert.AreEqual(0.5, read.Tried.Single().Accuracy);
        CollectionAssert.AreEqual(new[] { "conv 1" }, read.Tried.Single().FloatConvolutions.ToArray());
        record = record with { Details = null };
        record.Write(folder["model.key"]);
        Assert.IsNull(BuildRecord.Read(folder["model.key"])!.Details, "nothing was measured");
    }

    private static void Add(ModelStore store, TestFolder folder, ContentKey key)
    {
        File.WriteAllBytes(folder["model"], new byte[100]);
        var record = new BuildRecord(
            key.Parts.ToDictionary(),
            ContentKey.HashFile(folder["model"]),
            IsFloat: false,
            new RecordedFigures(400, 100, 0.5, 0.99, 1, 1, 1, 8, QuantizeMode.Int8, ComparedOn.Samples, []),
            Details: null);
        store.Add(key, folder["model"], record);
    }
}
