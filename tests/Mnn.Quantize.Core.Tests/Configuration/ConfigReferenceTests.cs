using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mnn.Quantize.Configuration;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Tests.Configuration;

/// <summary>Parser, page of keys and JSON schema say the same.</summary>
[TestClass]
public sealed class ConfigReferenceTests
{
    private static readonly JsonObject s_schema = JsonNode.Parse(ConfigSchema.Text())!.AsObject();

    private static readonly string[] s_good =
    [
        // The forms of configs that people have: the reference's own samples and those of published models.
        """{"format":"RGB","mean":[127.5,127.5,127.5],"normal":[0.00784314,0.00784314,0.00784314],"width":224,"height":224,"path":"path/to/images/","used_image_num":500,"feature_quantize_method":"KL","weight_quantize_method":"MAX_ABS"}""",
        """{"format":"RGB","mean":[103.94,116.78,123.68],"normal":[0.017,0.017,0.017],"width":224,"height":224,"path":"a","used_image_num":2,"model":"mobilenet.mnn"}""",
        """{"path":"path/to/txt/files","used_sample_num":500,"feature_quantize_method":"EMA","feature_clamp_value":127,"weight_clamp_value":127,"batch_size":32,"quant_bits":8,"skip_quant_op_names":["a","b"],"input_type":"sequence","debug":false}""",
        """{"center_crop_h":0.875,"center_crop_w":0.875,"path":"p","weight_quantize_method":"ADMM","input_type":"image","winogradOpt":false}""",
        """{"format":"GRAY","mean":[72.93],"normal":[0.011109259567849803],"width":28,"height":28,"path":"../fashion28/","batch_size":16}""",
        """{"$schema":"quant.schema.json","path":"a/**/*.png","resize":"letterbox","pad_value":114,"on_corrupt":"warn"}""",
        """{"path":"p","mode":"auto","target_cosine":0.995,"target_top1_agreement":1,"max_size_ratio":0.5,"time_budget_seconds":0.5}""",
        """{"path":"p","inputs":[{"name":"a","shape":[1,3,8,8]},{"name":"b","value":0.5}],"width":28.0}""",
        """{"mode":"fp16"}""",
        """{"mode":"weight_only","quant_bits":4,"weight_asymmetric":true,"weight_block_size":32}""",
        """{"train":{"data":"a.csv","budget":"3 epochs","schedule":"inv","distill":0.5,"frozen":["conv1"]}}""",
    ];

    private static readonly string[] s_bad =
    [
        """{}""",
        """{"train":{"labels":"a.txt"}}""",
        """{"path":"p","train":{"epoch":1}}""",
        """{"path":"p","train":{"epochs":0}}""",
        """{"path":"p","train":{"budget":"3 weeks"}}""",
        """{"path":"p","train":{"optimizer":"Adam"}}""",
        """{"path":"p","train":[]}""",
        """[]""",
        """{"path":1}""",
        """{"path":"p","format":"rgb"}""",
        """{"path":"p","mean":[]}""",
        """{"path":"p","mean":[1,2,3,4,5]}""",
        """{"path":"p","mean":["1"]}""",
        """{"path":"p","mean":1}""",
        """{"path":"p","width":0}""",
        """{"path":"p","width":16385}""",
        """{"path":"p","width":28.5}""",
        """{"path":"p","center_crop_h":0}""",
        """{"path":"p","center_crop_w":1.01}""",
        """{"path":"p","feature_quantize_method":"kl"}""",
        """{"path":"p","weight_quantize_method":"EMA"}""",
        """{"path":"p","feature_clamp_value":0}""",
        """{"path":"p","weight_clamp_value":128}""",
        """{"path":"p","quant_bits":1}""",
        """{"path":"p","quant_bits":9}""",
        """{"path":"p","used_image_num":-1}""",
        """{"path":"p","batch_size":0}""",
        """{"path":"p","skip_quant_op_names":"a"}""",
        """{"path":"p","debug":"true"}""",
        """{"path":"p","input_type":"text"}""",
        """{"path":"p","inputs":[{"shape":[1]}]}""",
        """{"path":"p","inputs":[{"name":"a","shape":[0]}]}""",
        """{"path":"p","inputs":[{"name":"a","size":[1]}]}""",
        """{"path":"p","pad_value":256}""",
        """{"path":"p","resize":"fit"}""",
        """{"path":"p","on_corrupt":"ignore"}""",
        """{"path":"p","mode":"best"}""",
        """{"mode":"auto"}""",
        """{"mode":"weight_only","weight_block_size":24}""",
        """{"mode":"weight_only","weight_block_size":-16}""",
        """{"mode":"weight_only","weight_asymmetric":1}""",
        """{"path":"p","target_cosine":1.01}""",
        """{"path":"p","max_size_ratio":-0.1}""",
        """{"path":"p","time_budget_seconds":"60"}""",
        """{"path":"p","widht":28}""",
    ];

    public static IEnumerable<object[]> Documents => s_good.Select(t => new object[] { t, true }).Concat(s_bad.Select(t => new object[] { t, false }));

    [TestMethod]
    [DynamicData(nameof(Documents))]
    public void Schema_and_parser_accept_the_same(string text, bool expected)
    {
        Assert.AreEqual(expected, ParserAccepts(text), "parser");
        Assert.AreEqual(expected, MiniSchema.Accepts(s_schema, JsonNode.Parse(text)), "schema");
    }

    [TestMethod]
    public void Each_default_in_the_schema_is_what_the_parser_takes_for_a_missing_key()
    {
        int checkedDefaults = 0;
        foreach ((string name, JsonNode? key) in s_schema["properties"]!.AsObject())
        {
            if (key!["default"] is { } value)
            {
                QuantConfig written = Parse(new JsonObject { ["path"] = "p", [name] = value.DeepClone() }.ToJsonString());
                QuantConfig absent = Parse("""{"path":"p"}""");
                Assert.AreEqual(Describe(absent), Describe(written), name);
                checkedDefaults++;
            }
        }

        Assert.IsGreaterThan(15, checkedDefaults);
    }

    [TestMethod]
    public void The_published_schema_is_made_of_the_parsers_table() =>
        GeneratedPage.IsUpToDate("docs/quant.schema.json", _ => ConfigSchema.Text());

    [TestMethod]
    public void The_page_lists_the_keys_of_the_parsers_table() =>
        GeneratedPage.IsUpToDate("docs/config.md", page =>
        {
            page = GeneratedPage.Replace(page, "<!-- reference keys -->", Table(ConfigKeys.All.Where(k => !k.IsExtension)));
            page = GeneratedPage.Replace(page, "<!-- own keys -->", Table(ConfigKeys.All.Where(k => k.IsExtension)));
            return GeneratedPage.Replace(page, "<!-- train keys -->", Table(ConfigKeys.All.SelectMany(k => k.Inner)));
        });

    private static string Table(IEnumerable<ConfigKey> keys)
    {
        var text = new StringBuilder("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
        foreach (ConfigKey key in keys)
        {
            text.Append($"| `{key.Name}` | {key.Type} | {key.Default} | {key.Summary} |\n");
        }

        return text.ToString();
    }

    private static bool ParserAccepts(string text)
    {
        var warnings = new List<Diagnostic>();
        try
        {
            QuantConfigReader.Parse(Encoding.UTF8.GetBytes(text), "quant.json", warnings);
            return warnings.Count == 0;
        }
        catch (QuantizeException)
        {
            return false;
        }
    }

    private static QuantConfig Parse(string text) => QuantConfigReader.Parse(Encoding.UTF8.GetBytes(text), "quant.json", []);

    private static string Describe(QuantConfig config) => JsonSerializer.Serialize(config);

    /// <summary>As much of JSON schema as ours uses; anything else in it fails the test.</summary>
    private static class MiniSchema
    {
        internal static bool Accepts(JsonObject schema, JsonNode? value) =>
            schema.All(rule => Accepts(schema, rule.Key, rule.Value!, value));

        private static bool Accepts(JsonObject schema, string rule, JsonNode limit, JsonNode? value) => rule switch
        {
            "$schema" or "title" or "description" or "default" or "allowTrailingCommas" => true,
            "type" => IsType((string)limit!, value),
            "enum" => limit.AsArray().Any(item => JsonNode.DeepEquals(item, value)),
            "multipleOf" => !IsNumber(value) || (double)value! % (double)limit == 0,
            "minimum" => !IsNumber(value) || (double)value! >= (double)limit,
            "maximum" => !IsNumber(value) || (double)value! <= (double)limit,
            "exclusiveMinimum" => !IsNumber(value) || (double)value! > (double)limit,
            "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)limit,
            "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, (string)limit!),
            "minItems" => value is not JsonArray array || array.Count >= (int)limit,
            "maxItems" => value is not JsonArray array || array.Count <= (int)limit,
            "items" => value is not JsonArray array || array.All(item => Accepts(limit.AsObject(), item)),
            "anyOf" => limit.AsArray().Any(choice => Accepts(choice!.AsObject(), value)),
            "required" => value is not JsonObject o || limit.AsArray().All(name => o.ContainsKey((string)name!)),
            "properties" => value is not JsonObject o
                || o.All(p => !limit.AsObject().ContainsKey(p.Key) || Accepts(limit[p.Key]!.AsObject(), p.Value)),
            "additionalProperties" => value is not JsonObject o || o.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
            _ => throw new AssertFailedException($"The schema has a rule '{rule}' that this test does not know."),
        };

        private static bool IsNumber(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number;

        private static bool IsType(string type, JsonNode? value) => type switch
        {
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value?.GetValueKind() == JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "number" => IsNumber(value),
            "integer" => IsNumber(value) && (double)value! == Math.Floor((double)value!),
            _ => false,
        };
    }
}
