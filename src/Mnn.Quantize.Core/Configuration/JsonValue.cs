using System.Text;
using System.Text.Json;
using Mnn.Quantize.Diagnostics;

namespace Mnn.Quantize.Configuration;

/// <summary>A JSON value that knows where it stands, so that a message can point at it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Line">1-based line of its first character.</param>
/// <param name="Column">1-based column, in characters.</param>
internal sealed record JsonValue(JsonValueKind Kind, int Line, int Column)
{
    /// <summary>Text of a string.</summary>
    public string Text { get; init; } = "";

    /// <summary>Value of a number.</summary>
    public double Number { get; init; }

    /// <summary>Elements of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>Properties of an object, in order; the value's position is the name's.</summary>
    public IReadOnlyList<(string Name, JsonValue NameAt, JsonValue Value)> Properties { get; init; } = [];

    /// <summary>What it is, in the words of a message.</summary>
    public string Describe() => Kind switch
    {
        JsonValueKind.String => $"the string \"{(Text.Length > 40 ? Text[..40] + "..." : Text)}\"",
        JsonValueKind.Number => $"the number {Number:R}",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        _ => "an object",
    };

    /// <summary>Parses a document. Comments and trailing commas are accepted, as is a byte order mark.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <exception cref="QuantizeException">It is not JSON.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, string file)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        var reader = new Utf8JsonReader(
            utf8, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            if (!reader.Read())
            {
                throw Errors.ConfigNotJson(file, 1, 1, "the file is empty");
            }

            JsonValue root = Read(ref reader, utf8);
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            int line = (int)(e.LineNumber ?? 0) + 1;
            int column = (int)(e.BytePositionInLine ?? 0) + 1;
            string reason = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
            throw Errors.ConfigNotJson(file, line, column, char.ToLowerInvariant(reason[0]) + reason[1..]);
        }
        catch (InvalidOperationException)
        {
            (int line, int column) = Position(utf8, reader.TokenStartIndex);
            throw Errors.ConfigNotJson(file, line, column, "a string is not valid UTF-8");
        }
    }

    private static JsonValue Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        (int line, int column) = Position(utf8, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var properties = new List<(string, JsonValue, JsonValue)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    (int nameLine, int nameColumn) = Position(utf8, reader.TokenStartIndex);
                    string name = reader.GetString()!;
                    reader.Read();
                    properties.Add((
                        name, new JsonValue(JsonValueKind.String, nameLine, nameColumn), Read(ref reader, utf8)));
                }

                return new JsonValue(JsonValueKind.Object, line, column) { Properties = properties };
            case JsonTokenType.StartArray:
                var items = new List<JsonValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Read(ref reader, utf8));
                }

                return new JsonValue(JsonValueKind.Array, line, column) { Items = items };
            case JsonTokenType.String:
                return new JsonValue(JsonValueKind.String, line, column) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new JsonValue(JsonValueKind.Number, line, column) { Number = reader.GetDouble() };
            case JsonTokenType.True:
                return new JsonValue(JsonValueKind.True, line, column);
            case JsonTokenType.False:
                return new JsonValue(JsonValueKind.False, line, column);
            default:
                return new JsonValue(JsonValueKind.Null, line, column);
        }
    }

    private static (int Line, int Column) Position(ReadOnlySpan<byte> utf8, long offset)
    {
        ReadOnlySpan<byte> before = utf8[..(int)Math.Min(offset, utf8.Length)];
        int line = before.Count((byte)'\n') + 1;
        int lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (line, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
