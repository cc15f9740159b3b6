using Mnn.Quantize.Core.Tests.FlatBuffers;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Model;

[TestClass]
public sealed class MnnModelTests
{
    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Models => ModelFiles.All;

    [TestMethod]
    [DynamicData(nameof(Models))]
    public void A_real_model_survives_reading_and_writing(string name)
    {
        var model = MnnModel.Load(ModelFiles.PathOf(name));
        byte[] file = model.ToBytes();
        var again = MnnModel.FromBytes(file);

        GraphEquality.AreEqual(model.Net, again.Net);
        HandVerifier.Verify(file, model.Net);
        CollectionAssert.AreEqual(file, again.ToBytes());
        long original = new FileInfo(ModelFiles.PathOf(name)).Length;
        TestContext.WriteLine($"{name}: {original} bytes, rewritten {file.Length}");
        Assert.IsLessThanOrEqualTo(original, file.Length);
    }

    [TestMethod]
    public void A_model_has_the_operators_and_weights_that_its_converter_wrote()
    {
        var model = MnnModel.Load(ModelFiles.PathOf("lenet5/model.mnn"));
        Op first = model.Net.Oplists!.First(op => op.Type == OpType.Convolution);
        var convolution = (Convolution2D)first.Main!;

        Assert.AreEqual(OpType.Input, model.Net.Oplists![0].Type);
        CollectionAssert.AreEqual((int[])[1, 1, 28, 28], ((Input)model.Net.Oplists![0].Main!).Dims);
        Assert.HasCount(
            convolution.Common!.OutputCount * convolution.Common.KernelX * convolution.Common.KernelY,
            convolution.Weight!);
        CollectionAssert.AreEqual((string[])[ModelFiles.PathOf("lenet5/model.mnn")], model.Files.ToArray());
    }

    [TestMethod]
    public void Whatever_is_cut_off_ends_in_a_named_error()
    {
        byte[] file = ModelFiles.Small().ToBytes();
        for (int length = 0; length < file.Length; length += length < 64 ? 1 : 13)
        {
            QuantizeException e = Assert.ThrowsExactly<QuantizeException>(() => MnnModel.FromBytes(file.AsSpan(0, length)));
            Assert.IsInRange(2002, 2016, e.Diagnostic.Code);
        }
    }

    [TestMethod]
    public void Whatever_is_changed_gives_a_model_or_a_named_error()
    {
        byte[] original = ModelFiles.Small().ToBytes();
        var random = new Random(20240607);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            byte[] file = [.. original];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                file[random.Next(file.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }

            try
            {
                byte[] written = MnnModel.FromBytes(file).ToBytes();
                Assert.IsLessThan(8 * file.Length, written.Length);
            }
            catch (QuantizeException e)
            {
                Assert.IsInRange(2002, 2023, e.Diagnostic.Code);
                refused++;
            }
        }

        Assert.IsInRange(300, 2999, refused);
    }

    [TestMethod]
    public void Saving_replaces_the_file_and_leaves_nothing_beside_it()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("deep/out.mnn", [1, 2, 3]);
        MnnModel model = ModelFiles.Small();
        model.Save(path);

        GraphEquality.AreEqual(model.Net, MnnModel.Load(path).Net);
        CollectionAssert.AreEqual((string[])[path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [TestMethod]
    public void A_place_that_cannot_be_written_is_named_and_left_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", [1]);
        string occupied = Directory.CreateDirectory(Path.Combine(folder.Path, "out.mnn")).FullName;

        Assert.AreEqual(2015, Code(() => ModelFiles.Small().Save(Path.Combine(file, "out.mnn"))));
        Assert.AreEqual(2015, Code(() => ModelFiles.Small().Save(occupied)));
        CollectionAssert.AreEqual((string[])[file], Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_missing_file_and_a_folder_are_named()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(2001, Code(() => MnnModel.Load(Path.Combine(folder.Path, "no.mnn"))));
        Assert.AreEqual(2001, Code(() => MnnModel.Load(Path.Combine(folder.Path, "no", "no.mnn"))));
        Assert.AreEqual(2001, Code(() => MnnModel.Load(folder.Path)));
    }

    [TestMethod]
    [DataRow("", 2002)]
    [DataRow("# A model\nthat is none, really.\n", 2003)]
    [DataRow("{}", 2003)]
    [DataRow("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n", 2004)]
    [DataRow("\u001c\0\0\0TFL3\u0014\0 \0", 2005)]
    [DataRow("PK\u0003\u0004\u0014\0\0\0\u0008\0", 2005)]
    [DataRow("\u0008\u0007\u0012\u0007pytorch", 2005)]
    [DataRow("\u0001\u0002\u0003", 2006)]
    [DataRow("\0\u0001\u0002\u007f\0\0\0\0\0\0\0\0", 2006)]
    [DataRow("\u0008\0\0\0\u0004\0\u0004\0\u0004\0\0\0", 2016)]
    public void What_is_no_model_is_named_for_what_it_is(string content, int code) =>
        Assert.AreEqual(code, Code(() => MnnModel.FromBytes(System.Text.Encoding.UTF8.GetBytes(content))));

    private static int Code(Func<object> action) => Assert.ThrowsExactly<QuantizeException>(action).Diagnostic.Code;

    private static int Code(Action action) => Assert.ThrowsExactly<QuantizeException>(action).Diagnostic.Code;
}
