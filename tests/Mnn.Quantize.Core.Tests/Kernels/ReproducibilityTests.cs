using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mnn.Quantize.Kernels;

namespace Mnn.Quantize.Core.Tests.Kernels;

/// <summary>
/// The bytes that every machine must produce: digests recorded once, which hold for any instruction set (try
/// DOTNET_EnableAVX512=0, DOTNET_EnableAVX2=0, DOTNET_EnableHWIntrinsic=0) and any family (MNNQ_KERNELS).
/// </summary>
[TestClass]
public sealed class ReproducibilityTests
{
    [TestMethod]
    public void Products_have_the_recorded_bytes()
    {
        ConvolutionShape shape = ConvolutionTests.Shape(13, 17, 12, 36, 3, 3, 1, 1, 1, 1);
        float[] x = KernelTest.Uniform((int)shape.InputLength, 2), y = new float[shape.OutputLength];
        float[] packed = new float[Convolution2D.PackedSize(shape)];
        Convolution2D.PackWeights(shape, KernelTest.Uniform(36 * 12 * 9, 3), packed);
        Convolution2D.Run(shape, x, packed, KernelTest.Uniform(36, 4), y, new float[Convolution2D.ScratchSize(shape)]);
        Verify("E53756783619EEA5", y);

        ConvolutionShape depthwise = shape with { OutputChannels = 12, Group = 12 };
        float[] z = new float[depthwise.OutputLength];
        DepthwiseConvolution2D.Run(depthwise, x, KernelTest.Uniform(12 * 9, 3), [], z, 0, 6);
        Verify("2E2741705F18D724", z);
    }

    [TestMethod]
    public void Functions_have_the_recorded_bytes()
    {
        float[] x = [.. KernelTest.Uniform(10_007).Select(value => value * 12)], y = new float[x.Length];
        Elementwise.Unary(new UnaryOperators.GeluErf(), x, y);
        Verify("F22CFA14FF871EEB", y);
        Elementwise.Unary(new UnaryOperators.Softplus(), x, y);
        Verify("79F03853323C139D", y);
        Elementwise.Unary(new UnaryOperators.Tanh(), x, y);
        Verify("F9FDD9978AEA2026", y);
        Elementwise.Scalar(default(ScalarFunctions.Sin), x, y);
        Verify("21FE16155B6AE964", y);
        Elementwise.Scalar(default(ScalarFunctions.Asinh), x, y);
        Verify("46BB0D84EAC5232F", y);
        Softmax.Run(x, y, 1, x.Length, 1);
        Verify("B51DE9323B8EA917", y);
        Reduction.Run<Reductions.Mean>(x, y, 1, x.Length, 1);
        Verify("48C789CFB4A1C617", y.AsSpan(0, 1));
    }

    private static void Verify(string digest, ReadOnlySpan<float> values)
    {
        Assert.AreEqual(digest, Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(values)))[..16]);
    }
}
