using Mnn.Quantize.Inference;
using Mnn.Quantize.Model.Schema;
using Mnn.Quantize.Quantization;
using Mnn.Quantize.Tests;

namespace Mnn.Quantize.Core.Tests.Inference;

/// <summary>The page of operators says what the tests' cases show.</summary>
[TestClass]
public sealed class OperatorReferenceTests
{
    private const string Page = "docs/operators.md";

    [TestMethod]
    public void ThePageListsWhatTheCasesShow() => GeneratedPage.IsUpToDate(Page, page => GeneratedPage.Replace(
        GeneratedPage.Replace(page, "<!-- operators -->", OperatorReference.Table()),
        "<!-- other operators -->",
        OperatorReference.Others()));

    [TestMethod]
    public void EveryOperatorThatRunsIsChecked()
    {
        OpType[] unchecked_ = [.. OpTable.Supported.Where(type => OperatorReference.Checks(type).Length == 0)];

        Assert.IsEmpty(unchecked_, string.Join(", ", unchecked_));
        Assert.IsGreaterThanOrEqualTo(90, OpTable.Supported.Count);
    }
}
