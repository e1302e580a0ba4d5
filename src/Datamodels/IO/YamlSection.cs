using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Datamodels.IO;

/// <summary>
/// One mapping of a YAML file, read strictly: every key is known, every value is of the type that is asked for, and every
/// error names the file, the line, the column and the key.
/// </summary>
internal sealed class YamlSection
{
    private static readonly ScalarParser<string> s_text = (YamlScalarNode node, out string value) =>
        (value = node.Value ?? "").Length > 0;

    // What is in quotes is text, whatever its characters: only plain scalars are true, false or numbers.
    private static readonly ScalarParser<bool> s_boolean = (YamlScalarNode node, out bool value) =>
        bool.TryParse(node.Value, out value) & node.Style == ScalarStyle.Plain;

    private static readonly ScalarParser<int> s_int32 = (YamlScalarNode node, out int value) =>
        int.TryParse(node.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        & node.Style == ScalarStyle.Plain;

    private static readonly ScalarParser<ulong> s_uint64 = (YamlScalarNode node, out ulong value) =>
        ulong.TryParse(node.Value, NumberStyles.None, CultureInfo.InvariantCulture, out value) & node.Style == ScalarStyle.Plain;

    private static readonly ScalarParser<double> s_number = (YamlScalarNode node, out double value) =>
        double.TryParse(node.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out value) & double.IsFinite(value)
        & node.Style == ScalarStyle.Plain;

    private readonly string _file;
    private readonly string _path;
    private readonly Mark _start;
    private readonly string[] _keys;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    /// <summary>Turns text into a value; false for what it does not understand.</summary>
    public delegate bool TextParser<T>(string text, out T value);

    private delegate bool ScalarParser<T>(YamlScalarNode node, out T value);

    private YamlSection(string file, string path, YamlMappingNode mapping, string[] keys)
    {
        _file = file;
        _path = path;
        _start = mapping.Start;
        _keys = keys;
        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value
                ?? throw Error("YamlKeyUnknown", keyNode.Start, "a key here must be a plain word.");
            if (!keys.Contains(key, StringComparer.Ordinal))
            {
                string? meant = NearestName.Of(key, keys);
                throw Error(
                    "YamlKeyUnknown", keyNode.Start,
                    $"the key '{Full(key)}' is not known{(meant is null ? "." : $"; did you mean '{meant}'?")} "
                    + $"The keys here are {string.Join(", ", keys)}.");
            }

            _values.Add(key, value);
        }
    }

    /// <summary>Reads a file that holds one mapping with some of <paramref name="keys"/>.</summary>
    /// <exception cref="DatamodelException">The file cannot be read, is not YAML, or is not such a mapping.</exception>
    public static YamlSection ReadFile(string path, params string[] keys)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Read(reader, path, keys);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatamodelException(
                "FileNotFound", ErrorKind.NotFound,
                $"The file '{path}' does not exist; give the path of an existing YAML file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "FileUnreadable", ErrorKind.InputOutput, $"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads text that holds one mapping with some of <paramref name="keys"/>.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="path">Where it is from, for errors.</param>
    /// <param name="keys">The keys that there may be.</param>
    /// <exception cref="DatamodelException">It is not YAML, or is not such a mapping.</exception>
    public static YamlSection Read(TextReader reader, string path, params string[] keys)
    {
        var stream = new YamlStream();
        Parser? parser = null;
        try
        {
            parser = new Parser(reader);
            stream.Load(parser);
        }
        catch (YamlException exception)
        {
            // Some of the library's errors point to the start of the file; what was read last is nearer then.
            Mark mark = exception.Start.Index == 0 ? parser?.Current?.End ?? exception.Start : exception.Start;
            throw new DatamodelException(
                "YamlSyntax", ErrorKind.InvalidData,
                $"{Position(path, mark)}: this is not valid YAML: {exception.Message.TrimEnd('.')}.", exception);
        }
        catch (InvalidOperationException exception)
        {
            // What the library's parser throws for a bracket that is never closed, just after the last good piece.
            throw new DatamodelException(
                "YamlSyntax", ErrorKind.InvalidData,
                $"{Position(path, parser?.Current?.End ?? Mark.Empty)}: this is not valid YAML: "
                + "it does not go on as a list or section must.",
                exception);
        }

        string found = stream.Documents.Count switch
        {
            0 => "an empty file",
            1 => Found(stream.Documents[0].RootNode),
            var many => $"{many} documents",
        };
        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            throw new DatamodelException(
                "YamlSyntax", ErrorKind.InvalidData,
                $"{path}: found {found}; "
                + $"expected one mapping with the keys {string.Join(", ", keys)}.");
        }

        return new YamlSection(path, "", root, keys);
    }

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>
    /// This section, once it is sure that every key is there, but for those that are <paramref name="optional"/>.
    /// </summary>
    public YamlSection Complete(params string[] optional)
    {
        foreach (string key in _keys.Except(optional))
        {
            Required(key);
        }

        return this;
    }

    /// <summary>
    /// The text at <paramref name="inner"/> in the mapping at <paramref name="key"/>, unchecked; null where there is none. For
    /// sections whose keys depend on one of them.
    /// </summary>
    public string? TextIn(string key, string inner) =>
        _values.GetValueOrDefault(key) is YamlMappingNode mapping
        && mapping.Children.TryGetValue(new YamlScalarNode(inner), out YamlNode? node) ? (node as YamlScalarNode)?.Value : null;

    /// <summary>The mapping at a key, with some of <paramref name="keys"/> in it.</summary>
    public YamlSection Section(string key, params string[] keys) =>
        Required(key) is YamlMappingNode mapping
            ? new YamlSection(_file, Full(key), mapping, keys)
            : throw WrongType(key, _values[key], $"a section with some of the keys {string.Join(", ", keys)}");

    /// <summary>
    /// The list of mappings at a key, each with some of <paramref name="keys"/> in it; empty where the key is not there.
    /// </summary>
    public IReadOnlyList<YamlSection> Sections(string key, params string[] keys) =>
    [
        .. Items(key, "a list of sections, each begun with '-'").Select((item, i) => item is YamlMappingNode mapping
            ? new YamlSection(_file, $"{Full(key)}[{i}]", mapping, keys)
            : throw WrongType($"{key}[{i}]", item, $"a section with some of the keys {string.Join(", ", keys)}")),
    ];

    /// <summary>Text, as it stands; required where there is no <paramref name="fallback"/>, as with every value below.</summary>
    public string Text(string key, string? fallback = null) =>
        !Has(key) && fallback is not null ? fallback : Scalar(key, Required(key), "text", s_text);

    /// <summary>A list of texts, none of them empty; one text stands for a list of itself.</summary>
    public EquatableList<string> TextList(string key, EquatableList<string>? fallback = null)
    {
        if (!Has(key) && fallback is not null)
        {
            return fallback;
        }

        if (Required(key) is not YamlSequenceNode list)
        {
            return [Text(key)];
        }

        return list.Children.Count > 0
            ? [.. list.Children.Select((item, i) => Scalar($"{key}[{i}]", item, "text", s_text))]
            : throw OutOfRange(key, "text, or a list of one or more");
    }

    /// <summary>Text that <paramref name="parser"/> understands.</summary>
    public T Parsed<T>(string key, string expected, TextParser<T> parser) =>
        Scalar(key, Required(key), expected, (YamlScalarNode node, out T value) => parser(node.Value ?? "", out value));

    /// <summary>true or false.</summary>
    public bool Boolean(string key, bool fallback) => Has(key) ? Scalar(key, _values[key], "true or false", s_boolean) : fallback;

    /// <summary>A whole number in <paramref name="min"/>..<paramref name="max"/>.</summary>
    public int Int32(string key, int? fallback = null, int min = 0, int max = int.MaxValue) =>
        !Has(key) && fallback is { } known ? known : InRange(key, Required(key), min, max);

    /// <summary>A seed: a whole number in 0..2^64-1.</summary>
    public ulong Seed(string key, ulong fallback) =>
        Has(key) ? Scalar(key, _values[key], "a whole number from 0 to 18446744073709551615", s_uint64) : fallback;

    /// <summary>
    /// A finite number for which <paramref name="valid"/> holds, which <paramref name="expected"/> says in words.
    /// </summary>
    public double Number(string key, double? fallback, string expected, Func<double, bool> valid) =>
        !Has(key) && fallback is { } known ? known : Valid(key, Required(key), expected, valid);

    /// <summary>One of the names of an enumeration.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fallback">The value where the key is not there.</param>
    /// <param name="others">Names that would do too, but that the caller has dealt with; for the error.</param>
    public T Name<T>(string key, T fallback, params string[] others)
        where T : struct, Enum => Has(key) ? Named<T>(key, _values[key], others) : fallback;

    /// <summary>A list of names of an enumeration; one name stands for a list of itself.</summary>
    public EquatableList<T> NameList<T>(string key, EquatableList<T> fallback)
        where T : struct, Enum => !Has(key) ? fallback
        : _values[key] is YamlSequenceNode list ? [.. list.Children.Select((item, i) => Named<T>($"{key}[{i}]", item))]
        : [Named<T>(key, _values[key])];

    /// <summary>A list of words, some of which may be empty, as may be the list.</summary>
    public EquatableList<string> Words(string key, EquatableList<string> fallback) => Has(key)
        ? [.. Items(key, "a list of texts, such as [a, b]").Select((item, i) =>
            item is YamlScalarNode { Value: string text } ? text : throw WrongType($"{key}[{i}]", item, "text"))]
        : fallback;

    /// <summary>A list of whole numbers in <paramref name="min"/>..<paramref name="max"/>.</summary>
    public EquatableList<int> Int32List(string key, EquatableList<int> fallback, int min, int max) =>
        Has(key) ? [.. Items(key).Select((item, i) => InRange($"{key}[{i}]", item, min, max))] : fallback;

    /// <summary>A list of finite numbers.</summary>
    public EquatableList<double> NumberList(
        string key, EquatableList<double> fallback, string expected, Func<double, bool> valid) =>
        Has(key) ? [.. Items(key).Select((item, i) => Valid($"{key}[{i}]", item, expected, valid))] : fallback;

    /// <summary>An error about the value at a key that says where it is and what was found there.</summary>
    public DatamodelException OutOfRange(string key, string expected) => OutOfRange(key, Required(key), expected);

    /// <summary>Makes something of the section's values; what is wrong with them together is said with its position.</summary>
    public T Make<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (DatamodelException exception)
        {
            throw new DatamodelException(
                exception.Id, exception.Kind, $"{Position(_file, _start)}: in '{_path}': {exception.Message}", exception);
        }
    }

    private static string Position(string file, Mark mark) => $"{file}, line {mark.Line}, column {mark.Column}";

    private static string Found(YamlNode node) => node switch
    {
        YamlScalarNode { Value: null or "" } => "nothing",
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => scalar.Value,
        YamlScalarNode scalar => $"the text \"{scalar.Value}\"",
        YamlSequenceNode => "a list",
        _ => "a section",
    };

    private string Full(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private YamlNode Required(string key) => _values.TryGetValue(key, out YamlNode? node)
        ? node
        : throw Error("YamlKeyMissing", _start, $"the key '{Full(key)}' is missing; it has no default, so add it.");

    private IEnumerable<YamlNode> Items(string key, string expected = "a list, such as [1, 2]") => !Has(key)
        ? []
        : _values[key] is YamlSequenceNode list ? list.Children : throw WrongType(key, _values[key], expected);

    private T Scalar<T>(string key, YamlNode node, string expected, ScalarParser<T> parser) =>
        node is YamlScalarNode scalar && parser(scalar, out T value) ? value : throw WrongType(key, node, expected);

    private int InRange(string key, YamlNode node, int min, int max)
    {
        string range = max == int.MaxValue ? $"a whole number of at least {min}" : $"a whole number from {min} to {max}";
        int value = Scalar(key, node, range, s_int32);
        return value >= min && value <= max ? value : throw OutOfRange(key, node, range);
    }

    private T Named<T>(string key, YamlNode node, params string[] others)
        where T : struct, Enum
    {
        string text = Scalar(key, node, "text", s_text);
        string? name = Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            string[] names = [.. Enum.GetNames<T>(), .. others];
            string? meant = NearestName.Of(text, names);
            string hint = meant is null ? "" : $" (did you mean {meant}?)";
            throw OutOfRange(key, node, $"one of {string.Join(", ", names)}{hint}");
        }

        return Enum.Parse<T>(name);
    }

    private double Valid(string key, YamlNode node, string expected, Func<double, bool> valid)
    {
        double value = Scalar(key, node, expected, s_number);
        return valid(value) ? value : throw OutOfRange(key, node, expected);
    }

    private DatamodelException WrongType(string key, YamlNode node, string expected) =>
        Error("YamlValueType", node.Start, $"'{Full(key)}' is {Found(node)}; expected {expected}.");

    private DatamodelException OutOfRange(string key, YamlNode node, string expected) =>
        Error("YamlValueOutOfRange", node.Start, $"'{Full(key)}' is {Found(node)}; expected {expected}.");

    private DatamodelException Error(string id, Mark mark, string what) =>
        new(id, ErrorKind.InvalidData, $"{Position(_file, mark)}: {what}");
}
