using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Quantization.Locking;

/// <summary>
/// A <see cref="LockFile"/> as text: one line a fact, in a fixed order, so that a review shows what changed. Names come last in
/// their line, behind a colon, and may hold anything but line ends. Biases and factors are float32, little endian, in base 64, and
/// so are the bits of rounding.
/// </summary>
internal static class LockText
{
    private const string FirstLine = "mnn-quantize lock 1";
    private const string LastLine = "end";

    /// <summary>The text.</summary>
    public static string Of(LockFile file, string model)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"{FirstLine}");
        Line($"# What quantizing found out about {Clean(model)}. Check it in: with it the int8 model is made again without the samples.");
        Line($"model sha256 {file.ModelHash}");
        Line($"samples {file.Samples} sha256 {file.SamplesHash}");
        Line($"int8 sha256 {file.Int8Hash}");
        Line($"engine {file.Version}");
        Line($"method {Clean(file.Method)}");
        Line($"cosine {file.Cosine:R}");
        Line($"top1 {file.Top1Agreement:R}");
        Line($"weights {file.WeightMethod} bits {file.WeightBits} clamp {file.WeightClamp}");
        foreach (string setting in file.Settings)
        {
            Line($"setting {Clean(setting)}");
        }

        foreach (LockedTensor tensor in file.Tensors)
        {
            if (tensor.Quant is { } quant)
            {
                Line($"tensor {tensor.Id} int8 scale {quant.Scale:R} zero {quant.ZeroPoint} from {quant.Min} to {quant.Max} : {Clean(tensor.Name)}");
            }
            else
            {
                Line($"tensor {tensor.Id} float, {Clean(tensor.Reason)} : {Clean(tensor.Name)}");
            }
        }

        foreach (LockedConvolution convolution in file.Convolutions)
        {
            Line($"convolution {convolution.Output} {Name(convolution.Weights)}{Parts(convolution)} : {Clean(convolution.Name)}");
        }

        foreach ((int id, float[] factors) in file.Factors.OrderBy(f => f.Key))
        {
            Line($"equalized {id} {Base64(factors)}");
        }

        Line($"{LastLine}");
        return text.ToString();
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text, with any line ends.</param>
    /// <param name="path">Where it is from, for messages.</param>
    /// <exception cref="QuantizeException">It is no such text.</exception>
    public static LockFile Parse(string text, string path) => new Parser(path).Parse(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));

    private static string Parts(LockedConvolution convolution) =>
        (convolution.Bias is { } bias ? " bias " + Base64(bias) : "")
        + (convolution.Rounding is { } rounding ? " rounding " + Convert.ToBase64String(rounding) : "");

    private static string Name(LockedWeights weights) => weights switch
    {
        LockedWeights.Int8 => "int8",
        LockedWeights.Stored => "stored",
        _ => "float",
    };

    private static string Clean(string text) => text.ReplaceLineEndings(" ");

    // Bytes on this side of the file are little endian everywhere that .NET runs.
    private static string Base64(float[] values) => Convert.ToBase64String(MemoryMarshal.AsBytes(values.AsSpan()));

    private sealed class Parser(string path)
    {
        private readonly Dictionary<string, string[]> _head = [];
        private readonly List<string> _settings = [];
        private readonly List<LockedTensor> _tensors = [];
        private readonly List<LockedConvolution> _convolutions = [];
        private readonly SortedDictionary<int, float[]> _factors = [];
        private int _line;

        public LockFile Parse(string[] lines)
        {
            if (lines[0] != FirstLine || lines[^1] != LastLine)
            {
                throw Errors.LockMalformed(path, lines[0] != FirstLine ? 1 : lines.Length, $"it must begin with '{FirstLine}' and end with '{LastLine}'");
            }

            for (_line = 2; _line < lines.Length; _line++)
            {
                try
                {
                    Take(lines[_line - 1]);
                }
                catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException or ArgumentException)
                {
                    throw Errors.LockMalformed(path, _line, $"'{lines[_line - 1]}' can't be understood");
                }
            }

            try
            {
                return Head(lines.Length);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                throw Errors.LockMalformed(path, 1, "a figure can't be understood");
            }
        }

        private LockFile Head(int lines)
        {
            string[] Words(string name, int count) => _head.TryGetValue(name, out string[]? words) && words.Length >= count
                ? words
                : throw Errors.LockMalformed(path, lines, $"a line '{name} ...' is missing");
            string[] weights = Words("weights", 5);
            return new LockFile
            {
                ModelHash = Words("model", 2)[1],
                Samples = Number(Words("samples", 3)[0]),
                SamplesHash = Words("samples", 3)[2],
                Int8Hash = Words("int8", 2)[1],
                Version = Words("engine", 1)[0],
                Method = string.Join(' ', Words("method", 1)),
                Cosine = Real(Words("cosine", 1)[0]),
                Top1Agreement = Real(Words("top1", 1)[0]),
                WeightMethod = Enum.TryParse(weights[0], out WeightMethod method) ? method : throw Errors.LockMalformed(path, 1, $"there are no weights '{weights[0]}'"),
                WeightBits = Number(weights[2]),
                WeightClamp = Number(weights[4]),
                Settings = _settings,
                Tensors = _tensors,
                Convolutions = _convolutions,
                Factors = _factors,
            };
        }

        private static int Number(string word) => int.Parse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

        private static double Real(string word) => double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture);

        private static float[] Floats(string word) => MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(word)).ToArray();

        private void Take(string line)
        {
            int colon = line.IndexOf(" : ", StringComparison.Ordinal);
            string[] words = (colon < 0 ? line : line[..colon]).Split(' ');
            string name = colon < 0 ? "" : line[(colon + 3)..];
            switch (words[0])
            {
                case "#":
                    break;
                case "setting":
                    _settings.Add(line["setting ".Length..]);
                    break;
                case "tensor" when words[2] == "int8":
                    _tensors.Add(new LockedTensor(Number(words[1]), name, Quant(words), ""));
                    break;
                case "tensor":
                    _tensors.Add(new LockedTensor(Number(words[1]), name, null, string.Join(' ', words.Skip(3))));
                    break;
                case "convolution":
                    _convolutions.Add(new LockedConvolution(
                        Number(words[1]), name, Weights(words[2]),
                        Part(words, "bias") is { } bias ? Floats(bias) : null,
                        Part(words, "rounding") is { } bits ? Convert.FromBase64String(bits) : null));
                    break;
                case "equalized":
                    _factors.Add(Number(words[1]), Floats(words[2]));
                    break;
                default:
                    _head.Add(words[0], words[1..]);
                    break;
            }
        }

        private static string? Part(string[] words, string name) => Array.IndexOf(words, name, 3) is >= 0 and var at ? words[at + 1] : null;

        private static QuantParameters Quant(string[] words)
        {
            var quant = new QuantParameters((float)Real(words[4]), Number(words[6]), Number(words[8]), Number(words[10]));
            return float.IsFinite(quant.Scale) && quant is { Scale: >= 0, ZeroPoint: >= -128 and <= 127, Min: >= -128, Max: <= 127 }
                ? quant
                : throw new FormatException();
        }

        private static LockedWeights Weights(string word) => word switch
        {
            "int8" => LockedWeights.Int8,
            "stored" => LockedWeights.Stored,
            "float" => LockedWeights.Float,
            _ => throw new FormatException(),
        };
    }
}
