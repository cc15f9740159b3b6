using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Imaging;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Training.Examples;

namespace Mnn.Quantize.Core.Tests.Training;

/// <summary>Examples, wherever they are from.</summary>
[TestClass]
public sealed class ExampleTests
{
    [TestMethod]
    [DataRow("""{"data":"pictures.idx","labels":"labels.idx"}""")]
    [DataRow("""{"data":"labelled.csv"}""")]
    [DataRow("""{"data":"named.csv"}""")]
    [DataRow("""{"data":"files","labels":"list.txt"}""")]
    [DataRow("""{"data":"classes"}""")]
    public void Every_kind_of_data_gives_the_same_numbers_and_labels(string train)
    {
        using var task = new TextureTask(count: 8);
        WriteAll(task);
        ExampleSet set = Open(task, $$""" "format":"GRAY","mean":[127.5],"normal":[0.0078],"train":{{train}} """);

        // The folder of a class has its pictures together; the others are in the order of the IDX file.
        int[] order = train.Contains("classes", StringComparison.Ordinal) ? [0, 4, 1, 5, 2, 6, 3, 7] : [0, 1, 2, 3, 4, 5, 6, 7];
        Assert.AreEqual(8, set.Count);
        CollectionAssert.AreEqual(order.Select(i => (int)task.Labels[i]).ToArray(), set.Labels!.Values);
        IReadOnlyList<TensorValue> batch = set.Read([6, 2], null);
        CollectionAssert.AreEqual(new[] { 2, 1, TextureTask.Size, TextureTask.Size }, batch[0].Shape.ToArray());
        CollectionAssert.AreEqual(Expected(task, order[6]).Concat(Expected(task, order[2])).ToArray(), batch[0].Floats);
    }

    [TestMethod]
    public void Augmentation_moves_and_mirrors_by_example_and_epoch_alone()
    {
        using var task = new TextureTask(count: 8);
        ExampleSet set = Open(task, """ "format":"GRAY","pad_value":9,"train":{"data":"pictures.idx"} """);
        var augmentation = new Augmentation(Flip: true, Crop: 2, Seed: 1, Epoch: 3);
        var seen = new HashSet<(bool, int, int)>();
        for (int i = 0; i < 8; i++)
        {
            (bool mirrored, int right, int down) = augmentation.Draw(i);
            seen.Add((mirrored, right, down));
            float[] found = [.. set.Read([i], augmentation)[0].Floats];
            for (int y = 0; y < TextureTask.Size; y++)
            {
                for (int x = 0; x < TextureTask.Size; x++)
                {
                    (int fromY, int moved) = (y - down, x - right);
                    int fromX = mirrored ? TextureTask.Size - 1 - moved : moved;
                    bool inside = fromY is >= 0 and < TextureTask.Size && fromX is >= 0 and < TextureTask.Size;
                    float expected = inside ? task.Pixels[(((i * TextureTask.Size) + fromY) * TextureTask.Size) + fromX] : 9;
                    Assert.AreEqual(expected, found[(y * TextureTask.Size) + x], $"picture {i} at {x}, {y}");
                }
            }
        }

        Assert.IsGreaterThan(4, seen.Count);
        CollectionAssert.AreNotEqual(
            Enumerable.Range(0, 8).Select(augmentation.Draw).ToArray(),
            Enumerable.Range(0, 8).Select((augmentation with { Epoch = 4 }).Draw).ToArray());
        Assert.IsTrue(Enumerable.Range(0, 500).Select(i => augmentation.Draw(i)).All(d => int.Abs(d.Right) <= 2 && int.Abs(d.Down) <= 2));
    }

    [TestMethod]
    [DataRow("""{"data":"nowhere.idx"}""", 3501)]
    [DataRow("""{"data":"labelled.csv","labels":"list.txt"}""", 3675)]
    [DataRow("""{"data":"files","labels":"missing.txt"}""", 3666)]
    [DataRow("""{"data":"short.csv"}""", 3672)]
    [DataRow("""{"data":"loud.csv"}""", 3673)]
    [DataRow("""{"data":"unlabelled.csv"}""", 3674)]
    [DataRow("""{"data":"empty"}""", 3677)]
    public void Data_that_can_not_be_used_are_an_error(string train, int code)
    {
        using var task = new TextureTask(count: 8);
        WriteAll(task);
        File.WriteAllText(task["missing.txt"], "0.bmp 1\n9.bmp 1\n");
        File.WriteAllText(task["short.csv"], "label,a,b,c\n1,2,3,4\n");
        File.WriteAllText(task["loud.csv"], "1" + string.Concat(Enumerable.Repeat(",256", 64)) + "\n");
        File.WriteAllText(task["unlabelled.csv"], "0.5" + string.Concat(Enumerable.Repeat(",6", 64)) + "\n");
        Directory.CreateDirectory(task["empty/a"]);
        var error = Assert.ThrowsExactly<QuantizeException>(() => Open(task, $$""" "format":"GRAY","train":{{train}} """));
        Assert.AreEqual(code, error.Diagnostic.Code, error.Message);
    }

    private static ExampleSet Open(TextureTask task, string settings)
    {
        File.WriteAllText(task["c.json"], "{" + settings + $$""","width":{{TextureTask.Size}},"height":{{TextureTask.Size}}}""");
        QuantConfig config = QuantConfigReader.Load(task["c.json"], []);
        MnnModel model = MnnModel.Load(task["float.mnn"]);
        BatchNormFolding.Apply(model);
        return TrainData.Find(config, []).Training.Open(Graph.Build(model), 2, [], CancellationToken.None);
    }

    private static IEnumerable<float> Expected(TextureTask task, int index) => task.Pixels
        .AsSpan(index * TextureTask.Size * TextureTask.Size, TextureTask.Size * TextureTask.Size).ToArray()
        .Select(level => (level - 127.5f) * 0.0078f);

    private static void WriteAll(TextureTask task)
    {
        int pixels = TextureTask.Size * TextureTask.Size;
        string[] rows = [.. task.Labels.Select((label, i) => $"{label},{string.Join(',', task.Pixels.Skip(i * pixels).Take(pixels))}")];
        File.WriteAllLines(task["labelled.csv"], rows);
        string names = "Label," + string.Join(',', Enumerable.Range(0, pixels).Select(i => $"pixel{i}"));
        File.WriteAllLines(task["named.csv"], [names, .. rows]);
        Directory.CreateDirectory(task["files"]);
        for (int i = 0; i < task.Labels.Length; i++)
        {
            byte[] file = [.. "P5 8 8 255\n"u8, .. task.Pixels.AsSpan(i * pixels, pixels)];
            File.WriteAllBytes(task[$"files/{i}.pgm"], file);
            Directory.CreateDirectory(task[$"classes/c{task.Labels[i]}"]);
            File.WriteAllBytes(task[$"classes/c{task.Labels[i]}/{i}.pgm"], file);
        }

        File.WriteAllLines(task["list.txt"], task.Labels.Select((label, i) => $"{i}.pgm {label}"));
    }
}
