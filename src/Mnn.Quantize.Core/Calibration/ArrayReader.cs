using Mnn.Quantize.Data;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.Inference;

namespace Mnn.Quantize.Calibration;

/// <summary>
/// Reads the arrays of a sample: one file for a model with one input that needs data, one <c>.npz</c> file with arrays by
/// input name, or a folder with a file an input, called after it. In names of files <c>/</c> and <c>:</c> become <c>_</c>.
/// </summary>
internal sealed class ArrayReader(ConstantInputs inputs)
{
    /// <summary>Where the reference's folders say shapes.</summary>
    public const string ShapesFile = "input.json";

    /// <summary>Reads a sample.</summary>
    /// <param name="sample">Full path of a file or folder.</param>
    /// <returns>One array an open input, in their order, of the input's element type and rank.</returns>
    /// <exception cref="QuantizeException">A file is missing, can't be read, is damaged or does not fit the input.</exception>
    public TensorValue[] Read(string sample)
    {
        if (Directory.Exists(sample))
        {
            return ReadFolder(sample);
        }

        if (IsNpz(sample))
        {
            return ReadNpz(sample);
        }

        return inputs.Open is [GraphInput only]
            ? [ReadFile(sample, only, inputs.DeclaredShape(only))]
            : throw Errors.SampleIsOneFile(sample, Names(inputs.Open.Select(i => i.Name)));
    }

    private TensorValue[] ReadFolder(string folder)
    {
        string shapesFile = Path.Combine(folder, ShapesFile);
        Dictionary<string, int[]> shapes = File.Exists(shapesFile) ? InputShapes.Read(shapesFile) : [];
        var values = new TensorValue[inputs.Open.Length];
        for (int i = 0; i < values.Length; i++)
        {
            GraphInput input = inputs.Open[i];
            string file = SampleKinds.ArrayExtensions
                .Where(extension => extension != ".npz")
                .Select(extension => Path.Combine(folder, FileName(input.Name) + extension))
                .FirstOrDefault(File.Exists)
                ?? throw Errors.SampleWithoutInput(
                    folder, input.Name, $"a file {FileName(input.Name)}.npy (or .raw, .bin, .txt)", Names(SampleKinds.FilesOf(folder).Select(f => Path.GetFileName(f))));
            values[i] = ReadFile(file, input, shapes.GetValueOrDefault(input.Name) ?? inputs.DeclaredShape(input));
        }

        return values;
    }

    private TensorValue[] ReadNpz(string file)
    {
        IReadOnlyList<TensorValue> arrays = NpzFile.Read(SampleBytes.Read(file), file);
        if (arrays.Count == 1 && inputs.Open.Length == 1)
        {
            return [InputArray.Fit(arrays[0], inputs.Open[0], inputs.DeclaredShape(inputs.Open[0]), file)];
        }

        return
        [
            .. inputs.Open.Select(input => InputArray.Fit(
                arrays.FirstOrDefault(a => a.Name == input.Name || a.Name == FileName(input.Name))
                    ?? throw Errors.SampleWithoutInput(
                        file, input.Name, $"an array '{input.Name}'", Names(arrays.Select(a => a.Name))),
                input,
                inputs.DeclaredShape(input),
                file)),
        ];
    }

    private static TensorValue ReadFile(string file, GraphInput input, int[] declared)
    {
        byte[] bytes = SampleBytes.Read(file);
        string extension = Path.GetExtension(file);
        if (extension.Equals(".txt", StringComparison.OrdinalIgnoreCase))
        {
            double[] numbers = TextNumbers.Read(bytes, file);
            return InputArray.OfNumbers(numbers, InputArray.ShapeFor(declared, numbers.Length, input, file), input, file);
        }

        if (extension.Equals(".npy", StringComparison.OrdinalIgnoreCase) || NpyFile.IsNpy(bytes))
        {
            return InputArray.Fit(NpyFile.Read(bytes, file, input.Name), input, declared, file);
        }

        return RawFile.Read(
            bytes, file, input.Name, input.Type, InputArray.ShapeFor(declared, bytes.Length / sizeof(float), input, file));
    }

    private static bool IsNpz(string file) => Path.GetExtension(file).Equals(".npz", StringComparison.OrdinalIgnoreCase);

    private static string FileName(string input) => input.Replace('/', '_').Replace(':', '_');

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(10).Select(n => $"'{n}'"));
}
