using Mnn.Quantize.Model.Schema;

namespace Mnn.Quantize.Inference.Ops;

/// <summary>
/// TensorFlow's loop: runs the body as long as the condition's graph gives a number above 0. Names tie the operator's
/// inputs to inputs of both graphs, outputs of one iteration to inputs of the next, and the operator's outputs to outputs
/// or inputs of the body.
/// </summary>
internal sealed class While(WhileParam param) : Operator
{
    public override void Run(OpContext context)
    {
        SubgraphCall condition = SubgraphCall.Find(context, param.CondGraph);
        SubgraphCall body = SubgraphCall.Find(context, param.BodyGraph);
        var conditionInputs = new Tensor?[condition.Graph.Inputs.Length];
        var bodyInputs = new Tensor?[body.Graph.Inputs.Length];
        List<StringVec> aliases = param.AliasesInputs ?? [];
        for (int i = 0; i < Math.Min(aliases.Count, context.InputCount); i++)
        {
            foreach (string name in aliases[i].Data ?? [])
            {
                Set(context, conditionInputs, condition.InputIndex(name), context.Input(i));
                Set(context, bodyInputs, body.InputIndex(name), context.Input(i));
            }
        }

        var results = new Tensor?[context.OutputCount];
        StartResults(context, aliases, results);
        while (true)
        {
            Tensor[] verdict = condition.Run(conditionInputs);
            if (verdict.Length == 0)
            {
                throw condition.Mismatch("it has no output");
            }

            if (IntValues.First(verdict[0]) <= 0)
            {
                ControlFlow.Release(verdict);
                break;
            }

            Tensor[] outputs = body.Run(bodyInputs);
            Update(context, condition, body, verdict, outputs, conditionInputs, bodyInputs);
            TakeResults(context, body, outputs, bodyInputs, results);
            ControlFlow.Release([.. verdict, .. outputs]);
        }

        for (int i = 0; i < results.Length; i++)
        {
            ControlFlow.Give(context, i, results[i] ?? throw body.Mismatch($"nothing gives output {i} of the loop"));
        }

        ControlFlow.Release([.. conditionInputs, .. bodyInputs, .. results]);
    }

    // What the loop gives if it never runs: its inputs.
    private void StartResults(OpContext context, List<StringVec> aliases, Tensor?[] results)
    {
        string[] names = param.AliasesOutputs ?? [];
        for (int i = 0; i < Math.Min(names.Length, results.Length); i++)
        {
            int input = aliases.FindIndex(a => a.Data?.Contains(names[i]) ?? false);
            if (input >= 0)
            {
                Set(context, results, i, context.Input(input));
            }
        }
    }

    private void Update(
        OpContext context, SubgraphCall condition, SubgraphCall body, Tensor[] verdict, Tensor[] outputs,
        Tensor?[] conditionInputs, Tensor?[] bodyInputs)
    {
        foreach (StringVec update in param.AliasesUpdates ?? [])
        {
            if (update.Data is not [var from, var to, ..])
            {
                throw body.Mismatch("an update names no input");
            }

            Tensor? source = condition.OutputIndex(from) is var c and >= 0 ? verdict[c]
                : body.OutputIndex(from) is var b and >= 0 ? outputs[b]
                : null;
            if (source is not null)
            {
                Set(context, conditionInputs, condition.InputIndex(to), source);
                Set(context, bodyInputs, body.InputIndex(to), source);
            }
        }
    }

    // A name that is both an output and updated from another output means that other output.
    private void TakeResults(
        OpContext context, SubgraphCall body, Tensor[] outputs, Tensor?[] bodyInputs, Tensor?[] results)
    {
        string[] names = param.AliasesOutputs ?? [];
        for (int i = 0; i < Math.Min(names.Length, results.Length); i++)
        {
            if (body.InputIndex(names[i]) is var input and >= 0 && bodyInputs[input] is { } carried)
            {
                Set(context, results, i, carried);
                continue;
            }

            string? replaced = (param.AliasesUpdates ?? []).Find(u => u.Data is [_, var to, ..] && to == names[i])?.Data![0];
            int output = replaced is not null && body.OutputIndex(replaced) is var r and >= 0
                ? r
                : body.OutputIndex(names[i]);
            if (output >= 0)
            {
                Set(context, results, i, outputs[output]);
            }
        }
    }

    private static void Set(OpContext context, Tensor?[] slots, int index, Tensor value)
    {
        if (index >= 0)
        {
            Tensor kept = ControlFlow.Keep(context, value);
            slots[index]?.SetBuffer(null);
            slots[index] = kept;
        }
    }
}
