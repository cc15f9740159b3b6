using Mnn.Quantize.Core.Tests.Model;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Quantization.Locking;

namespace Mnn.Quantize.Core.Tests.Quantization;

/// <summary>Models made of their lock files.</summary>
[TestClass]
public sealed class LockTests
{
    [TestMethod]
    [DataRow("lenet5", 28, "")]
    [DataRow("lenet5", 28, ", \"feature_quantize_method\": \"EMA\", \"batch_size\": 4")]
    [DataRow("mbv2", 32, ", \"repair\": \"default\", \"weight_quantize_method\": \"ADMM\", \"quant_bits\": 6")]
    [DataRow("mbv2", 32, ", \"mode\": \"auto\", \"target_cosine\": 0.99995, \"max_size_ratio\": 0.35")]
    public void A_model_is_made_again_byte_by_byte_without_the_samples(string model, int size, string settings)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Locking(folder, model, size, settings);
        QuantizeResult first = QuantizePipeline.Run(options);
        byte[] bytes = File.ReadAllBytes(options.Destination);
        File.Delete(options.Destination);
        Directory.Delete(Path.Combine(folder.Path, "pictures"), recursive: true);

        QuantizeResult again = QuantizePipeline.Run(options with { Locked = true });

        CollectionAssert.AreEqual(bytes, File.ReadAllBytes(options.Destination));
        Assert.AreEqual(first.Cosine, again.Cosine);
        Assert.AreEqual(first.Convolutions, again.Convolutions);
        Assert.AreEqual(0, again.PicturesRun);
    }

    [TestMethod]
    public void The_text_says_what_it_was_made_of_and_is_the_same_for_any_number_of_threads()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Locking(folder, "mbv2", 32, ", \"repair\": \"default\"");
        QuantizePipeline.Run(options with { MaxParallelism = 1 });
        string one = File.ReadAllText(options.LockFile!);
        QuantizePipeline.Run(options with { MaxParallelism = 3 });
        string three = File.ReadAllText(options.LockFile!);

        Assert.AreEqual(one, three);
        Assert.AreEqual(one, LockText.Of(LockText.Parse(one.Replace("\n", "\r\n", StringComparison.Ordinal), "x"), "model.mnn"));
        LockFile file = LockText.Parse(one, "x");
        Assert.Contains("\"repair\": \"default\"", file.Settings);
        Assert.IsTrue(file.Tensors.All(t => t.Quant is not null || t.Reason.Length > 0));
        Assert.IsNotEmpty(file.Factors);
    }

    [TestMethod]
    [DataRow(1151)]
    [DataRow(1152)]
    [DataRow(1153)]
    [DataRow(1154)]
    [DataRow(1155)]
    [DataRow(1156)]
    public void Each_difference_has_an_error_of_its_own_and_nothing_is_written(int code)
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Locking(folder, "lenet5", 28, "");
        string model = Path.Combine(folder.Path, "model.mnn");
        File.Copy(options.Source, model);
        options = options with { Source = model };
        QuantizePipeline.Run(options);
        File.Delete(options.Destination);
        string picture = Directory.GetFiles(Path.Combine(folder.Path, "pictures")).Order(StringComparer.Ordinal).First();
        switch (code)
        {
            case 1151:
                File.Delete(options.LockFile!);
                break;
            case 1152:
                File.WriteAllText(options.LockFile!, File.ReadAllText(options.LockFile!).Replace("tensor 0 int8 scale ", "tensor 0 int8 scale x", StringComparison.Ordinal));
                break;
            case 1153:
                File.Copy(ModelFiles.PathOf("mbv2/model.mnn"), model, overwrite: true);
                break;
            case 1154:
                File.WriteAllText(options.Config, File.ReadAllText(options.Config).Replace("72.93", "72.94", StringComparison.Ordinal));
                break;
            case 1155:
                File.Move(picture, picture + ".renamed.png");
                break;
            default:
                string text = File.ReadAllText(options.LockFile!);
                int at = text.IndexOf(" zero ", StringComparison.Ordinal);
                File.WriteAllText(options.LockFile!, text[..at] + " zero 1" + text[(at + " zero ".Length)..]);
                break;
        }

        QuantizeException error = Assert.ThrowsExactly<QuantizeException>(() => QuantizePipeline.Run(options with { Locked = true }));

        Assert.AreEqual(code, error.Diagnostic.Code, error.Message);
        Assert.IsFalse(File.Exists(options.Destination));
    }

    [TestMethod]
    public void A_damaged_text_is_an_error_wherever_it_is_cut_or_changed()
    {
        using var folder = new TemporaryFolder();
        QuantizeOptions options = Locking(folder, "lenet5", 28, ", \"repair\": \"default\"");
        QuantizePipeline.Run(options);
        string text = File.ReadAllText(options.LockFile!);
        for (int i = 0; i < text.Length; i += 37)
        {
            File.WriteAllText(options.LockFile!, text[..i] + (i % 2 == 0 ? "" : "~" + text[(i + 1)..]));
            try
            {
                QuantizePipeline.Run(options with { Locked = true });
            }
            catch (QuantizeException e)
            {
                Assert.IsTrue(e.Diagnostic.Code is >= 1151 and <= 1156, e.Message);
            }
        }
    }

    private static QuantizeOptions Locking(TemporaryFolder folder, string model, int size, string settings) =>
        FashionRun.Prepare(folder, model, size, 12, settings) with { LockFile = Path.Combine(folder.Path, "model.quant.lock") };
}
