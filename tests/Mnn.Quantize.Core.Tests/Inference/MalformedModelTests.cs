using System.Collections;
using System.Reflection;
using Mnn.Quantize.Diagnostics;
using Mnn.Quantize.FlatBuffers;
using Mnn.Quantize.Inference;
using Mnn.Quantize.Model;
using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>Damaged models end in an error with a code, whatever was damaged.</summary>
[TestClass]
public sealed class MalformedModelTests
{
    private const int Tries = 12;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void DamagedOperatorsEndInNamedErrors(int seed)
    {
        var random = new Random(seed);
        foreach (TinyModel model in RuntimeCases.All)
        {
            for (int i = 0; i < Tries; i++)
            {
                Try(MnnModel.FromBytes(model.Build().ToBytes()), model.Inputs, model.Name, random);
            }
        }

        foreach (string name in OnnxCases.Names)
        {
            for (int i = 0; i < 3; i++)
            {
                Try(OnnxCases.Model(name), OnnxCases.Values(name).Inputs, name, random);
            }
        }
    }

    private static void Try(MnnModel model, TensorValue[] inputs, string name, Random random)
    {
        List<Op> ops = model.Net.Oplists!;
        if (ops.Exists(o => o.Type == OpType.While))
        {
            // A damaged loop may well be a loop without end.
            return;
        }

        Op op = ops[random.Next(ops.Count)];
        string damage = Damage(op, random);
        try
        {
            var session = new InferenceSession(model);
            TensorValue[] fed = op.Type == OpType.Input ? [.. inputs.Select(i => Reshaped(i, random))] : inputs;
            session.Run(fed);
        }
        catch (QuantizeException)
        {
        }
        catch (ArgumentException e) when (e.ParamName is "inputs" or "value")
        {
            // Values that don't fit a model's declared inputs are the caller's mistake.
        }
        catch (Exception e)
        {
            Assert.Fail($"{name}, {op.Type}: {damage}: {e}");
        }
    }

    // Changes one number, list or reference of an operator.
    private static string Damage(Op op, Random random)
    {
        if (random.Next(4) == 0 && op.InputIndexes is { Length: > 1 } inputs)
        {
            (inputs[0], inputs[^1]) = (inputs[^1], inputs[0]);
            return "inputs swapped";
        }

        if (op.Main is null || random.Next(8) == 0)
        {
            op.Main = null;
            return "no parameters";
        }

        PropertyInfo[] properties =
            [.. op.Main.GetType().GetProperties().Where(p => p.GetCustomAttribute<SlotAttribute>() is not null)];
        if (properties.Length == 0)
        {
            return "nothing to damage";
        }

        PropertyInfo property = properties[random.Next(properties.Length)];
        object? value = property.GetValue(op.Main);
        switch (value)
        {
            case int:
                property.SetValue(op.Main, random.Next(-3, 7));
                break;
            case bool flag:
                property.SetValue(op.Main, !flag);
                break;
            case int[] { Length: > 0 } list:
                list[random.Next(list.Length)] = random.Next(-9, 40);
                break;
            case IList { Count: > 0 }:
                property.SetValue(op.Main, null);
                break;
            default:
                break;
        }

        return $"{property.Name} {value} to {property.GetValue(op.Main)}";
    }

    private static TensorValue Reshaped(TensorValue value, Random random)
    {
        int[] shape = [.. value.Shape.Reverse()];
        if (random.Next(2) == 0)
        {
            shape = [value.Shape.Aggregate(1, (a, b) => a * b)];
        }

        return value.Type == ElementType.Float32
            ? new TensorValue(value.Name, shape, value.Floats)
            : new TensorValue(value.Name, shape, value.Ints);
    }
}
