using System.Numerics;
using System.Runtime.InteropServices;
using Mnn.Quantize.Kernels;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>Resizes pictures: nearest (1), bilinear (2), cubic (3), nearest rounded (4); CPUInterp.cpp.</summary>
internal sealed class Interp(Model.Schema.Interp parameters) : Operator
{
    // The runtime rounds with a little less than a half (CPUResize.hpp).
    private const float NearestRounding = 0.499f;

    public override bool HandlesChannelsLast => true;

    public static Operator Create(OpBuildContext context)
    {
        var parameters = context.Param<Model.Schema.Interp>();
        return parameters.ResizeType is >= 1 and <= 4
            ? new Interp(parameters)
            : throw context.Invalid($"resize type {parameters.ResizeType} where 1 to 4 are known");
    }

    /// <summary>Old models' Resize: bilinear by two factors, from the top left corner.</summary>
    public static Operator CreateResize(OpBuildContext context)
    {
        var factors = context.Param<Model.Schema.Resize>();
        return new Interp(new Model.Schema.Interp
        {
            ResizeType = 2,
            HeightScale = factors.YScale,
            WidthScale = factors.XScale,
            Ctm = CoordinateTransformationMode.Asymmetric,
        });
    }

    // Cubic interpolation goes over float.
    public override bool HasInt8 => parameters.ResizeType != 3;

    public override bool KeepsInt8(OpContext context) => context.Input(0).Rank <= 4;

    public override void Run(OpContext context)
    {
        Tensor input = context.Input(0);
        if (input.Rank == 5)
        {
            new InterpVolume(parameters).Run(context);
            return;
        }

        Plane resize = Prepare(context, input, out ImageShape to);
        Tensor output = context.Output(0, ElementType.Float32, to.DimensionsLike(input, stackalloc int[4]), input.Format);
        switch (parameters.ResizeType)
        {
            case 2:
                Bilinear(resize, input.Floats, output.Floats);
                break;
            case 3:
                Cubic(resize, input.Floats, output.Floats, parameters.CubicCoeffA);
                break;
            default:
                Nearest(resize, input.Floats, output.Floats, parameters.ResizeType == 4 ? NearestRounding : 0);
                break;
        }
    }

    public override void RunInt8(OpContext context)
    {
        Tensor input = context.Input(0);
        Plane resize = Prepare(context, input, out ImageShape to);
        Tensor output = context.OutputInt8(0, to.DimensionsLike(input, stackalloc int[4]), input.Format);
        if (parameters.ResizeType == 2)
        {
            BilinearInt8(resize, input.Int8s, input.Quant!.ZeroPoint, output.Int8s, output.Quant!.ZeroPoint);
        }
        else
        {
            Nearest(resize, input.Int8s, output.Int8s, parameters.ResizeType == 4 ? NearestRounding : 0);
        }
    }

    private Plane Prepare(OpContext context, Tensor input, out ImageShape to)
    {
        ImageShape image = ImageShape.Of(input);
        (int height, int width, float givenY, float givenX) = OutputSize(context, input, image);
        if (height <= 0 || width <= 0 || input.Count == 0)
        {
            throw new TensorShapeException($"pictures to resize from {image.Width} x {image.Height} to {width} x {height}");
        }

        to = image with { Height = height, Width = width };
        bool planes = input.Format == MNN_DATA_FORMAT.NCHW && input.Rank > 2;
        return new Plane(
            planes ? image with { Batch = image.Batch * image.Channels, Channels = 1 } : image,
            height,
            width,
            InterpCoordinates.For(parameters, image.Height, height, givenY),
            InterpCoordinates.For(parameters, image.Width, width, givenX));
    }

    // From parameters, or from an input: all sizes, [height, width], or all factors (ShapeInterp.cpp).
    private (int Height, int Width, float GivenY, float GivenX) OutputSize(OpContext context, Tensor input, ImageShape image)
    {
        if (!context.HasInput(1))
        {
            return parameters is { OutputWidth: > 0, OutputHeight: > 0 }
                ? (parameters.OutputHeight, parameters.OutputWidth, 0, 0)
                : ((int)(image.Height * parameters.HeightScale), (int)(image.Width * parameters.WidthScale), 0, 0);
        }

        Tensor size = context.Input(1);
        int y = size.Count == 2 ? 0 : input.Format == MNN_DATA_FORMAT.NHWC ? 1 : 2;
        if (size.Count < y + 1)
        {
            throw new TensorShapeException($"{size.Count} sizes for pictures of {input.Rank} dimensions");
        }

        bool hasWidth = size.Count > y + 1;
        if (size.Type == ElementType.Int32)
        {
            return (size.Ints[y], hasWidth ? size.Ints[y + 1] : 1, 0, 0);
        }

        if (size.Count == 2)
        {
            return ((int)size.Floats[0], (int)size.Floats[1], 0, 0);
        }

        float factorY = size.Floats[y];
        float factorX = hasWidth ? size.Floats[y + 1] : 1;
        return ((int)(factorY * image.Height), (int)(factorX * image.Width), factorY, factorX);
    }

    private static void Nearest<T>(in Plane plane, ReadOnlySpan<T> source, Span<T> destination, float rounding)
    {
        int channels = plane.From.Channels;
        for (int n = 0, row = 0; n < plane.From.Batch; n++)
        {
            for (int y = 0; y < plane.Height; y++, row++)
            {
                int sourceY = Math.Clamp((int)MathF.Floor(plane.Y.At(y) + rounding), 0, plane.From.Height - 1);
                for (int x = 0; x < plane.Width; x++)
                {
                    int sourceX = Math.Clamp((int)MathF.Floor(plane.X.At(x) + rounding), 0, plane.From.Width - 1);
                    plane.Pixel(source, n, sourceY, sourceX)
                        .CopyTo(destination.Slice(((row * plane.Width) + x) * channels, channels));
                }
            }
        }
    }

    private static void Bilinear(in Plane plane, ReadOnlySpan<float> source, Span<float> destination)
    {
        int channels = plane.From.Channels;
        for (int n = 0, row = 0; n < plane.From.Batch; n++)
        {
            for (int y = 0; y < plane.Height; y++, row++)
            {
                float atY = plane.Y.At(y);
                int floorY = (int)MathF.Floor(atY);
                int y0 = Math.Clamp(floorY, 0, plane.From.Height - 1);
                int y1 = Math.Clamp(floorY + 1, 0, plane.From.Height - 1);
                for (int x = 0; x < plane.Width; x++)
                {
                    float atX = plane.X.At(x);
                    int floorX = (int)MathF.Floor(atX);
                    int x0 = Math.Clamp(floorX, 0, plane.From.Width - 1);
                    int x1 = Math.Clamp(floorX + 1, 0, plane.From.Width - 1);
                    Blend(
                        plane.Pixel(source, n, y0, x0), plane.Pixel(source, n, y0, x1),
                        plane.Pixel(source, n, y1, x0), plane.Pixel(source, n, y1, x1),
                        atX - floorX, atY - floorY,
                        destination.Slice(((row * plane.Width) + x) * channels, channels));
                }
            }
        }
    }

    // In steps: the runtime takes the input's scale for the output's (ResizeFunction.cpp).
    private static void BilinearInt8(
        in Plane plane, ReadOnlySpan<sbyte> source, int zeroIn, Span<sbyte> destination, int zeroOut)
    {
        int channels = plane.From.Channels;
        for (int n = 0, row = 0; n < plane.From.Batch; n++)
        {
            for (int y = 0; y < plane.Height; y++, row++)
            {
                float atY = plane.Y.At(y);
                int floorY = (int)MathF.Floor(atY);
                int y0 = Math.Clamp(floorY, 0, plane.From.Height - 1);
                int y1 = Math.Clamp(floorY + 1, 0, plane.From.Height - 1);
                for (int x = 0; x < plane.Width; x++)
                {
                    float atX = plane.X.At(x);
                    int floorX = (int)MathF.Floor(atX);
                    int x0 = Math.Clamp(floorX, 0, plane.From.Width - 1);
                    int x1 = Math.Clamp(floorX + 1, 0, plane.From.Width - 1);
                    InterpInt8.Blend(
                        plane.Pixel(source, n, y0, x0), plane.Pixel(source, n, y0, x1),
                        plane.Pixel(source, n, y1, x0), plane.Pixel(source, n, y1, x1),
                        atX - floorX, atY - floorY, zeroIn, zeroOut,
                        destination.Slice(((row * plane.Width) + x) * channels, channels));
                }
            }
        }
    }

    // Along x, then along y, each as a (1 - f) + b f.
    private static void Blend(
        ReadOnlySpan<float> topLeft,
        ReadOnlySpan<float> topRight,
        ReadOnlySpan<float> bottomLeft,
        ReadOnlySpan<float> bottomRight,
        float fx,
        float fy,
        Span<float> result)
    {
        ReadOnlySpan<Vector<float>> a = MemoryMarshal.Cast<float, Vector<float>>(topLeft);
        ReadOnlySpan<Vector<float>> b = MemoryMarshal.Cast<float, Vector<float>>(topRight);
        ReadOnlySpan<Vector<float>> c = MemoryMarshal.Cast<float, Vector<float>>(bottomLeft);
        ReadOnlySpan<Vector<float>> d = MemoryMarshal.Cast<float, Vector<float>>(bottomRight);
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(result);
        for (int i = 0; i < results.Length; i++)
        {
            Vector<float> top = (a[i] * (1 - fx)) + (b[i] * fx);
            Vector<float> bottom = (c[i] * (1 - fx)) + (d[i] * fx);
            results[i] = (top * (1 - fy)) + (bottom * fy);
        }

        for (int i = results.Length * Vector<float>.Count; i < result.Length; i++)
        {
            float top = (topLeft[i] * (1 - fx)) + (topRight[i] * fx);
            float bottom = (bottomLeft[i] * (1 - fx)) + (bottomRight[i] * fx);
            result[i] = (top * (1 - fy)) + (bottom * fy);
        }
    }

    // Keys, "Cubic convolution interpolation for digital image processing", 1981, with free parameter a.
    private static void Cubic(in Plane plane, ReadOnlySpan<float> source, Span<float> destination, float a)
    {
        int channels = plane.From.Channels;
        Span<float> wy = stackalloc float[4];
        Span<float> wx = stackalloc float[4];
        for (int n = 0, row = 0; n < plane.From.Batch; n++)
        {
            for (int y = 0; y < plane.Height; y++, row++)
            {
                float atY = plane.Y.At(y);

                // As the runtime does, also where it is at odds with itself: left of 0 the fraction is that of the
                // position below, but the taps are those around 0 (CPUResize.hpp).
                int wholeY = (int)atY;
                CubicWeights(atY - MathF.Floor(atY), a, wy);
                for (int x = 0; x < plane.Width; x++)
                {
                    float atX = plane.X.At(x);
                    int wholeX = (int)atX;
                    CubicWeights(atX - MathF.Floor(atX), a, wx);
                    Span<float> result = destination.Slice(((row * plane.Width) + x) * channels, channels);
                    for (int c = 0; c < channels; c++)
                    {
                        float sum = 0;
                        for (int j = 0; j < 4; j++)
                        {
                            int sourceY = Math.Clamp(wholeY + j - 1, 0, plane.From.Height - 1);
                            float line = 0;
                            for (int i = 0; i < 4; i++)
                            {
                                int sourceX = Math.Clamp(wholeX + i - 1, 0, plane.From.Width - 1);
                                line += wx[i] * plane.Pixel(source, n, sourceY, sourceX)[c];
                            }

                            sum += wy[j] * line;
                        }

                        result[c] = sum;
                    }
                }
            }
        }
    }

    private static void CubicWeights(float t, float a, Span<float> weights)
    {
        weights[0] = Outer(t + 1);
        weights[1] = Inner(t);
        weights[2] = Inner(1 - t);
        weights[3] = Outer(2 - t);

        float Inner(float x) => ((((a + 2) * x) - (a + 3)) * x * x) + 1;
        float Outer(float x) => (((((a * x) - (5 * a)) * x) + (8 * a)) * x) - (4 * a);
    }

    private readonly record struct Plane(ImageShape From, int Height, int Width, InterpCoordinates Y, InterpCoordinates X)
    {
        public ReadOnlySpan<T> Pixel<T>(ReadOnlySpan<T> source, int n, int y, int x) =>
            source.Slice(((((n * From.Height) + y) * From.Width) + x) * From.Channels, From.Channels);
    }
}
