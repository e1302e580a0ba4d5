using System.Buffers;
using System.Text;
using System.Text.Json;
using Datamodels.Data;

namespace Datamodels.Learners;

/// <summary>The lines that go to a user's program and come from it, as docs/process-learner.md has them.</summary>
internal sealed class ProcessProtocol
{
    /// <summary>Version of the protocol, told in the hello.</summary>
    public const int Version = 1;

    // More than any number takes, with brackets and blanks.
    private const int BytesPerNumber = 40;
    private const int BytesBesideNumbers = 4096;

    private readonly Observation _observation;
    private readonly ExampleSet _targets;
    private readonly int _classes;

    /// <param name="data">What is learned from.</param>
    /// <param name="observation">What is recorded.</param>
    /// <param name="targets">The targets it selects.</param>
    /// <param name="files">Where the program finds the examples.</param>
    public ProcessProtocol(TrainingData data, Observation observation, ExampleSet targets, SharedExamples files)
    {
        _observation = observation;
        _targets = targets;
        _classes = data.ClassCount;
        LongestAnswer = (int)Math.Min((long)targets.Count * _classes * BytesPerNumber + BytesBesideNumbers, 1 << 30);
        Hello = Line(json =>
        {
            json.WriteNumber("protocol", Version);
            json.WriteString("output", observation.Output.ToString());
            json.WriteNumber("featureCount", data.FeatureCount);
            WriteTexts(json, "classes", data.Classes);
            if (data.ImageShape is ImageShape shape)
            {
                json.WriteStartArray("imageShape");
                json.WriteNumberValue(shape.Height);
                json.WriteNumberValue(shape.Width);
                json.WriteNumberValue(shape.Channels);
                json.WriteEndArray();
            }
            else
            {
                json.WriteNull("imageShape");
            }

            WriteTexts(json, "sources", data.Source is DataSource source ? [.. source.Path, .. source.TestPath] : []);
            WriteExamples(json, "train", files.Train);
            WriteExamples(json, "targets", files.Targets);
        });
    }

    /// <summary>The first line that a program gets.</summary>
    public byte[] Hello { get; }

    /// <summary>Bytes of the longest line that can be an answer.</summary>
    public int LongestAnswer { get; }

    /// <summary>The line with one model to train.</summary>
    public static byte[] Request(TrainingTask task) => Line(json =>
    {
        json.WriteNumber("model", task.Id);
        json.WriteNumber("seed", task.ShortSeed);
        json.WriteStartArray("indices");
        foreach (int example in task.Mask.ToExamples())
        {
            json.WriteNumberValue(example);
        }

        json.WriteEndArray();
        json.WriteStartArray("labels");
        foreach (LabelOverride replaced in task.LabelOverrides)
        {
            json.WriteStartArray();
            json.WriteNumberValue(replaced.Example);
            json.WriteNumberValue(replaced.Label);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    });

    /// <summary>Reads an answer.</summary>
    /// <param name="line">The line.</param>
    /// <param name="model">The model that was asked for.</param>
    /// <param name="previous">The model that the program answered before it, or null.</param>
    /// <returns>What was asked for, as in <see cref="TrainingOutput.Values"/>.</returns>
    /// <exception cref="WrongAnswerException">It is not the answer; the message says why.</exception>
    public float[] ReadAnswer(ReadOnlySpan<byte> line, int model, int? previous)
    {
        try
        {
            return Read(line, model, previous);
        }
        catch (JsonException e)
        {
            bool holdsNaN = line.IndexOf("NaN"u8) >= 0 || line.IndexOf("Infinity"u8) >= 0;
            throw new WrongAnswerException(
                holdsNaN
                    ? "it holds NaN or Infinity; every number must be finite, so look for why this model has none"
                    : "it is not JSON; standard output is for answers only, so write everything else to standard error",
                e);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteExamples(Utf8JsonWriter json, string name, SharedSet files)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count", files.Count);
        json.WriteString("features", files.Features);
        json.WriteString("labels", files.Labels);
        json.WriteEndObject();
    }

    /// <summary>A JSON object and a line feed.</summary>
    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private float[] Read(ReadOnlySpan<byte> line, int model, int? previous)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new WrongAnswerException("it is not a JSON object");
        }

        int? answered = null;
        float[]? values = null;
        bool isLogits = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            json.Read();
            if (key == "model" && answered is null)
            {
                answered = json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int number)
                    ? number
                    : throw new WrongAnswerException("its 'model' is not a whole number");
            }
            else if (key is "logits" or "outputs" && values is null)
            {
                isLogits = key == "logits";
                values = isLogits ? ReadLogits(ref json) : ReadNumbers(ref json, key, _targets.Count, "one for each target");
            }
            else
            {
                throw new WrongAnswerException(
                    $"it has '{key}'; expected 'model', and either 'logits' or 'outputs', each of them once");
            }
        }

        // Whatever stands after the object.
        json.Read();
        if (answered is null || values is null)
        {
            throw new WrongAnswerException(
                answered is null ? "it has no 'model'" : "it has neither 'logits' nor 'outputs'");
        }

        if (answered != model)
        {
            throw new WrongAnswerException(
                answered == previous ? $"it answers model {answered} a second time" : $"it answers model {answered}");
        }

        if (isLogits)
        {
            return _observation.OutputsOf(values, _targets.Labels);
        }

        return _observation.Output == OutputKind.Logits
            ? throw new WrongAnswerException("it has 'outputs', but 'logits' are asked for")
            : values;
    }

    private float[] ReadLogits(ref Utf8JsonReader json)
    {
        RequireArray(ref json, "logits");
        float[] logits = new float[_targets.Count * _classes];
        int target = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            float[] row = ReadNumbers(ref json, $"logits[{target}]", _classes, "one for each class");
            if (target == _targets.Count)
            {
                throw new WrongAnswerException($"its 'logits' have more than {target} rows; expected one for each target");
            }

            row.CopyTo(logits, target++ * _classes);
        }

        return target == _targets.Count
            ? logits
            : throw new WrongAnswerException(
                $"its 'logits' have {target} rows; expected {_targets.Count}, one for each target");
    }

    private static float[] ReadNumbers(ref Utf8JsonReader json, string name, int expected, string what)
    {
        RequireArray(ref json, name);
        float[] numbers = new float[expected];
        int count = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.Number)
            {
                throw new WrongAnswerException($"its {name}[{count}] is not a number");
            }

            if (!json.TryGetSingle(out float number) || !float.IsFinite(number))
            {
                throw new WrongAnswerException(
                    $"its {name}[{count}] is {Encoding.UTF8.GetString(json.ValueSpan)}, which is too large for a float32");
            }

            if (count < expected)
            {
                numbers[count] = number;
            }

            count++;
        }

        return count == expected
            ? numbers
            : throw new WrongAnswerException($"its '{name}' has {count} numbers; expected {expected}, {what}");
    }

    private static void RequireArray(ref Utf8JsonReader json, string name)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            throw new WrongAnswerException($"its '{name}' is not a list");
        }
    }
}

/// <summary>A program's answer will not do.</summary>
/// <param name="reason">Why, to follow "a wrong answer: ".</param>
/// <param name="inner">The exception behind it, if any.</param>
internal sealed class WrongAnswerException(string reason, Exception? inner = null) : Exception(reason, inner);
