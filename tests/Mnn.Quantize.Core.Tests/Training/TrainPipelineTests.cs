using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Training;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>Training as a whole: from files to an int8 model.</summary>
[TestClass]
public sealed class TrainPipelineTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow(""", "optimizer": "adam", "learning_rate": 0.01, "schedule": "step" """)]
    [DataRow(""", "bits": 4, "lsq": true, "warmup_steps": 5 """)]
    [DataRow(""", "loss": "mse", "schedule": "constant", "augment_flip": true """)]
    public void A_net_that_knows_nothing_learns_and_its_int8_model_has_learnt_it_too(string train)
    {
        using var task = new TextureTask();
        task.Configure(train);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.IsLessThan(0.5, result.FloatAccuracy!.Value);
        Assert.IsGreaterThan(0.9, result.Epochs[result.BestEpoch - 1].Accuracy!.Value);
        Assert.IsGreaterThan(0.9, result.Int8Accuracy!.Value);
        Assert.AreEqual((3, 3), result.Convolutions);
        Assert.AreEqual(72, result.Examples);
        Assert.IsTrue(File.Exists(task["int8.mnn"]));
        Assert.IsFalse(File.Exists(task["int8.mnn.checkpoint"]));
    }

    [TestMethod]
    public void Steps_of_activations_are_learned_too_and_go_on_after_an_interruption()
    {
        using var task = new TextureTask();
        task.Configure(""", "bits": 4, "lsq": true, "lsq_features": true """);
        TrainResult whole = TrainPipeline.Run(task.Options);
        byte[] expected = File.ReadAllBytes(task["int8.mnn"]);
        Assert.IsGreaterThan(0.9, whole.Int8Accuracy!.Value);

        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainPipeline.Run(task.Options, new After(30, cancellation), cancellation.Token));
        TrainPipeline.Run(task.Options with { Resume = TrainResume.Always });
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(task["int8.mnn"]));

        task.Configure(""", "bits": 4, "lsq": true """);
        TrainPipeline.Run(task.Options);
        CollectionAssert.AreNotEqual(expected, File.ReadAllBytes(task["int8.mnn"]));
    }

    [TestMethod]
    public void Training_that_makes_nothing_better_leaves_the_model_that_is_rounded_alone()
    {
        using var task = new TextureTask();
        task.Configure(""", "epochs": 1, "learning_rate": 3, "weight_decay": 0.5, "schedule": "constant" """,
            data: """ "data": "pictures.idx" """);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.AreEqual(0, result.BestEpoch);
        Assert.IsLessThan(result.Epochs[0].ValidationLoss, result.Untrained!.ValidationLoss);
    }

    [TestMethod]
    public void One_scale_a_channel_is_one_scale_a_tensor_as_the_file_has_it_and_that_is_said()
    {
        using var task = new TextureTask();
        task.Configure(""", "epochs": 1 """);
        Assert.IsFalse(TrainPipeline.Run(task.Options).Warnings.Any(w => w.Code == 6073));
        byte[] expected = File.ReadAllBytes(task["int8.mnn"]);

        task.Configure(""", "epochs": 1, "feature_scale_stat": "PerChannel" """);
        Assert.IsTrue(TrainPipeline.Run(task.Options).Warnings.Any(w => w.Code == 6073));
        CollectionAssert.AreEqual(expected, File.ReadAllBytes(task["int8.mnn"]));
    }

    [TestMethod]
    public void The_plan_of_a_training_needs_no_pictures_for_calibration_and_tells_the_size()
    {
        using var task = new TextureTask();
        var plan = QuantizePipeline.Plan(task["float.mnn"], task["quant.json"]);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.AreEqual((3, 3), plan.Convolutions);
        Assert.AreEqual(plan.ExpectedBytes, result.DestinationBytes, 0.02 * result.DestinationBytes);
    }

    [TestMethod]
    public void The_accuracy_of_the_int8_model_is_that_of_all_examples_for_evaluation()
    {
        using var task = new TextureTask();
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.AreEqual(24, result.Int8Examples);
        Assert.AreEqual(result.Epochs[result.BestEpoch - 1].Accuracy, result.Int8Accuracy);
        Assert.AreEqual(1, result.Int8Agreement);
        Assert.IsTrue(result.Int8Interval!.Value.Low < result.Int8Accuracy && result.Int8Interval.Value.High >= result.Int8Accuracy);
    }

    [TestMethod]
    public void Without_labels_the_int8_model_comes_to_say_what_the_float_model_says()
    {
        using var task = new TextureTask();
        task.Configure(""", "bits": 3, "learning_rate": 0.01 """, data: """ "data": "pictures.idx" """);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.AreEqual(1, result.FloatAccuracy);
        Assert.IsNull(result.Int8Accuracy);
        Assert.IsLessThan(0.5 * result.Epochs[0].ValidationLoss, result.Epochs[result.BestEpoch - 1].ValidationLoss);
        Assert.IsGreaterThan(0.95, result.Cosine);
    }

    [TestMethod]
    public void Any_number_of_workers_gives_the_same_bytes()
    {
        using var task = new TextureTask();
        task.Configure(""", "epochs": 2, "augment_crop": 1, "augment_flip": true """);
        byte[][] models = [.. new[] { 1, 2, 7 }.Select(workers =>
        {
            TrainPipeline.Run(task.Options with { MaxParallelism = workers });
            return File.ReadAllBytes(task["int8.mnn"]);
        })];
        CollectionAssert.AreEqual(models[0], models[1]);
        CollectionAssert.AreEqual(models[0], models[2]);
        task.Configure(""", "epochs": 2, "augment_crop": 1, "augment_flip": true, "seed": 2 """);
        TrainPipeline.Run(task.Options);
        CollectionAssert.AreNotEqual(models[0], File.ReadAllBytes(task["int8.mnn"]));
    }

    [TestMethod]
    [DataRow("sgd", 13)]
    [DataRow("adam", 18)]
    public void A_training_that_was_interrupted_goes_on_to_the_same_bytes(string optimizer, int steps)
    {
        using var task = new TextureTask();
        task.Configure($$""", "epochs": 3, "optimizer": "{{optimizer}}", "learning_rate": 0.01, "lsq": true, "augment_crop": 1 """);
        TrainResult whole = TrainPipeline.Run(task.Options);
        byte[] expected = File.ReadAllBytes(task["int8.mnn"]);
        File.Delete(task["int8.mnn"]);

        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainPipeline.Run(task.Options, new After(steps, cancellation), cancellation.Token));
        Assert.IsFalse(File.Exists(task["int8.mnn"]));
        TrainResult resumed = TrainPipeline.Run(task.Options with { Resume = TrainResume.Always });

        CollectionAssert.AreEqual(expected, File.ReadAllBytes(task["int8.mnn"]));
        CollectionAssert.AreEqual(whole.Epochs.ToArray(), resumed.Epochs.ToArray());
    }

    [TestMethod]
    public void A_checkpoint_of_another_training_or_a_damaged_one_is_an_error_or_for_builds_a_warning()
    {
        using var task = new TextureTask();
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainPipeline.Run(task.Options, new After(3, cancellation), cancellation.Token));
        byte[] checkpoint = File.ReadAllBytes(task["int8.mnn.checkpoint"]);
        TrainOptions always = task.Options with { Resume = TrainResume.Always };

        task.Configure(""", "epochs": 2 """);
        var error = Assert.ThrowsExactly<QuantizeException>(() => TrainPipeline.Run(always));
        Assert.AreEqual(6053, error.Diagnostic.Code);
        StringAssert.Contains(error.Message, "settings");
        TrainResult anew = TrainPipeline.Run(task.Options with { Resume = TrainResume.IfSame });
        Assert.IsTrue(anew.Warnings.Any(w => w.Code == 6072));

        checkpoint[^50] ^= 1;
        File.WriteAllBytes(task["int8.mnn.checkpoint"], checkpoint);
        Assert.AreEqual(6052, Assert.ThrowsExactly<QuantizeException>(() => TrainPipeline.Run(always)).Diagnostic.Code);
    }

    [TestMethod]
    public void A_checkpoint_that_another_program_wrote_with_the_right_hash_is_an_error_with_a_code()
    {
        using var task = new TextureTask();
        using var cancellation = new CancellationTokenSource();
        Assert.ThrowsExactly<OperationCanceledException>(
            () => TrainPipeline.Run(task.Options, new After(3, cancellation), cancellation.Token));
        byte[] content = File.ReadAllBytes(task["int8.mnn.checkpoint"])[..^32];
        TrainOptions always = task.Options with { Resume = TrainResume.Always };

        // Cut off at many places, then with another byte at each of the first places, where counts are.
        IEnumerable<byte[]> cut = Enumerable.Range(0, 20).Select(i => content[..(9 + (i * (content.Length - 9) / 20))]);
        IEnumerable<byte[]> changed = Enumerable.Range(8, 8).Select(at => (byte[])[.. content[..at], 0xff, .. content[(at + 1)..]]);
        foreach (byte[] other in cut.Concat(changed))
        {
            File.WriteAllBytes(task["int8.mnn.checkpoint"], [.. other, .. System.Security.Cryptography.SHA256.HashData(other)]);
            int code = Assert.ThrowsExactly<QuantizeException>(() => TrainPipeline.Run(always)).Diagnostic.Code;
            CollectionAssert.Contains((int[])[6052, 6053], code);
        }
    }

    [TestMethod]
    public void Patience_ends_a_training_that_gets_no_better_and_the_best_net_is_kept()
    {
        using var task = new TextureTask();
        task.Configure(""", "epochs": 50, "patience": 2, "schedule": "constant" """);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.IsLessThan(50, result.Epochs.Count);
        Assert.AreEqual(result.Epochs.Count - 2, result.BestEpoch);
        Assert.AreEqual(result.Epochs.Max(epoch => epoch.Accuracy), result.Epochs[result.BestEpoch - 1].Accuracy);
    }

    [TestMethod]
    [DataRow("1 epoch", 1, false)]
    [DataRow("150 images", 2, false)]
    [DataRow("0.001 seconds", 1, true)]
    public void A_budget_ends_a_training(string budget, int epochs, bool warns)
    {
        using var task = new TextureTask();
        task.Configure($$""", "budget": "{{budget}}" """);
        TrainResult result = TrainPipeline.Run(task.Options);

        Assert.HasCount(epochs, result.Epochs);
        Assert.AreEqual(warns, result.Warnings.Any(w => w.Code == 6070));
    }

    [TestMethod]
    [DataRow(""", "learning_rate": 10, "weight_decay": 1, "schedule": "constant" """, """ "data": "pictures.idx", "labels": "labels.idx" """, new[] { 6001, 6050, 6051 })]
    [DataRow(""", "distill": 0.5 """, """ "data": "pictures.idx" """, new[] { 6054 })]
    [DataRow(""", "validation_data": "pictures.idx" """, """ "data": "pictures.idx", "labels": "labels.idx" """, new[] { 6057 })]
    [DataRow("", """ "data": "pictures.idx", "labels": "pictures.idx" """, new[] { 3663 })]
    [DataRow("", """ "data": "labels.idx", "labels": "labels.idx" """, new[] { 3662 })]
    [DataRow("", """ "data": "pictures.idx", "labels": "few.idx" """, new[] { 3664 })]
    [DataRow("", """ "data": "pictures.idx", "labels": "large.idx" """, new[] { 3667 })]
    [DataRow(""", "validation_share": 0.001 """, """ "data": "pictures.idx" """, new[] { 3676 })]
    [DataRow(""", "frozen": ["nothing"] """, """ "data": "pictures.idx" """, new[] { 6005 })]
    public void What_can_not_be_trained_is_an_error_and_nothing_is_written(string train, string data, int[] codes)
    {
        using var task = new TextureTask();
        task.WriteIdx("few.idx", [5], new byte[5]);
        task.WriteIdx("large.idx", [96], [.. Enumerable.Repeat((byte)4, 96)]);
        task.Configure(train, data);

        CollectionAssert.Contains(codes, task.Fails());
        Assert.IsEmpty(Directory.GetFiles(task.Folder, "int8.mnn"));
    }

    private sealed class After(int reports, CancellationTokenSource cancellation) : IProgress<TrainProgress>
    {
        private int _count;

        public void Report(TrainProgress value)
        {
            if (value.Stage == "training" && ++_count == reports)
            {
                cancellation.Cancel();
            }
        }
    }
}
