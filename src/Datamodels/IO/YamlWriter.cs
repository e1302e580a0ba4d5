using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Datamodels.IO;

/// <summary>
/// Writes one mapping of plain values and sections as YAML that people read and <see cref="YamlSection"/> reads back.
/// </summary>
internal sealed class YamlWriter
{
    private readonly Emitter _emitter;

    private YamlWriter(Emitter emitter) => _emitter = emitter;

    /// <summary>The text of a document whose one mapping <paramref name="write"/> fills.</summary>
    public static string Write(Action<YamlWriter> write)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithNewLine("\n"));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        emitter.Emit(new MappingStart());
        write(new YamlWriter(emitter));
        emitter.Emit(new MappingEnd());
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>A mapping at <paramref name="key"/> that <paramref name="write"/> fills.</summary>
    public void Section(string key, Action<YamlWriter> write)
    {
        _emitter.Emit(new Scalar(key));
        _emitter.Emit(new MappingStart());
        write(this);
        _emitter.Emit(new MappingEnd());
    }

    /// <summary>Text, quoted where it needs to be; several lines as a block, as long as that keeps every character.</summary>
    public void Text(string key, string value)
    {
        _emitter.Emit(new Scalar(key));
        ScalarStyle style = value.Any(c => char.IsControl(c) && c is not ('\n' or '\t')) ? ScalarStyle.DoubleQuoted
            : value.Contains('\n') ? ScalarStyle.Literal
            : ScalarStyle.Any;
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, style, true, true));
    }

    /// <summary>A list of words on one line, some of which may be empty, as may be the list.</summary>
    public void Words(string key, IEnumerable<string> values)
    {
        _emitter.Emit(new Scalar(key));
        _emitter.Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Flow));
        foreach (string value in values)
        {
            _emitter.Emit(new Scalar(value));
        }

        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>Texts: one as it is, several as a list with a line for each.</summary>
    public void TextList(string key, IReadOnlyList<string> values)
    {
        if (values.Count == 1)
        {
            Text(key, values[0]);
            return;
        }

        _emitter.Emit(new Scalar(key));
        _emitter.Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Block));
        foreach (string value in values)
        {
            _emitter.Emit(new Scalar(value));
        }

        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>A number, such that it reads back as the same.</summary>
    public void Number<T>(string key, T value)
        where T : IFormattable => Text(key, value.ToString(null, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>true or false.</summary>
    public void Boolean(string key, bool value) => Text(key, value ? "true" : "false");

    /// <summary>A list of numbers on one line.</summary>
    public void Numbers(string key, IEnumerable<int> values)
    {
        _emitter.Emit(new Scalar(key));
        _emitter.Emit(new SequenceStart(null, null, isImplicit: true, SequenceStyle.Flow));
        foreach (int value in values)
        {
            _emitter.Emit(new Scalar(value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        _emitter.Emit(new SequenceEnd());
    }
}
