using System.Globalization;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Quantization;

[TestClass]
public sealed class UnaryTablesTests
{
    public static IEnumerable<object[]> Recorded => File
        .ReadLines(Path.Combine(Repository.Root, "tests", "assets", "unary-tables.txt"))
        .Select(line => (object[])[.. line.Split(' ')]);

    [TestMethod]
    [DynamicData(nameof(Recorded))]
    public void TablesAreThoseOfTheReference(
        string function, string scaleIn, string zeroIn, string scaleOut, string zeroOut, string table)
    {
        sbyte[] expected = [.. Convert.FromBase64String(table).Select(b => (sbyte)b)];
        Op op = Unary(Enum.Parse<UnaryOpOperation>(function));
        UnaryTables.Add(op, id => id == 0 ? Quant(scaleIn, zeroIn) : Quant(scaleOut, zeroOut));

        sbyte[] actual = ((UnaryOp)op.Main!).TableInt8!;
        Assert.HasCount(expected.Length, actual);
        int different = expected.Zip(actual).Count(pair => pair.First != pair.Second);
        int farthest = expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));

        // The reference's exponential is good to 2e-6 or so: a value that lies on a half may fall to the other side.
        Assert.IsLessThanOrEqualTo(1, farthest);
        Assert.IsLessThanOrEqualTo(1, different, $"{different} entries differ");
    }

    [TestMethod]
    public void OldSigmoidsBecomeUnaryOperators()
    {
        var op = new Op { Type = OpType.Sigmoid, InputIndexes = [0], OutputIndexes = [1] };
        UnaryTables.Add(op, _ => Quant("0.05", "0"));

        Assert.AreEqual(OpType.UnaryOp, op.Type);
        Assert.AreEqual(UnaryOpOperation.SIGMOID, ((UnaryOp)op.Main!).OpType);
        Assert.AreEqual(10, ((UnaryOp)op.Main!).TableInt8![127], "sigmoid(0) = 0.5");
    }

    [TestMethod]
    [DataRow(UnaryOpOperation.ABS)]
    [DataRow(UnaryOpOperation.NEG)]
    [DataRow(UnaryOpOperation.SIGN)]
    public void WhatTheRuntimeComputesItselfGetsNoTable(UnaryOpOperation function)
    {
        Op op = Unary(function);
        UnaryTables.Add(op, _ => Quant("0.05", "0"));
        Assert.IsNull(((UnaryOp)op.Main!).TableInt8);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public void WithoutAScaleOnBothSidesThereIsNoTable(int missing)
    {
        Op op = Unary(UnaryOpOperation.EXP);
        UnaryTables.Add(op, id => id == missing ? null : Quant("0.05", "0"));
        Assert.IsNull(((UnaryOp)op.Main!).TableInt8);
    }

    [TestMethod]
    public void ValuesThatAreNotNumbersBecomeZeroAndInfiniteOnesTheLimit()
    {
        Op op = Unary(UnaryOpOperation.LOG);
        UnaryTables.Add(op, _ => Quant("0.05", "0"));
        sbyte[] table = ((UnaryOp)op.Main!).TableInt8!;
        Assert.AreEqual(0, table[0], "log(-6.35)");
        Assert.AreEqual(-127, table[127], "log(0)");
    }

    private static Op Unary(UnaryOpOperation function) => new()
    {
        Type = OpType.UnaryOp,
        Main = new UnaryOp { OpType = function },
        InputIndexes = [0],
        OutputIndexes = [1],
    };

    private static TensorQuantInfo Quant(string scale, string zero) => new()
    {
        Scale = float.Parse(scale, CultureInfo.InvariantCulture),
        Zero = float.Parse(zero, CultureInfo.InvariantCulture),
        Min = -127,
        Max = 127,
        Type = DataType.DT_INT8,
    };
}
