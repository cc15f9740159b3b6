using Mnn.Quantize.Calibration.Lint;

namespace Mnn.Quantize.Tests.Calibration;

[TestClass]
public sealed class ContentDigestTests
{
    [TestMethod]
    public void ItIsTheHashOfItsDescription() =>
        Assert.AreEqual(new UInt128(0xcbd8a7b341bd9b02, 0x5b1e906a48ae1d19), ContentDigest.Of("hello"u8));

    [TestMethod]
    public void EachByteAndTheLengthMatter()
    {
        var bytes = new byte[50];
        var digests = new HashSet<UInt128>();
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.IsTrue(digests.Add(ContentDigest.Of(bytes.AsSpan(0, length))));
            for (int i = 0; i < length; i++)
            {
                bytes[i] = 1;
                Assert.IsTrue(digests.Add(ContentDigest.Of(bytes.AsSpan(0, length))));
                bytes[i] = 0;
            }
        }
    }
}
