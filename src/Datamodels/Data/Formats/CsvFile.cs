using System.Globalization;
using CsvHelper;

namespace Datamodels.Data;

/// <summary>
/// Comma-separated values, gzip-compressed or not, with or without a line of column names: one example a line, one column
/// holds the label and every other column a feature. Only parsing tells where a line's numbers are, so that the features are
/// all held from the start.
/// </summary>
internal sealed class CsvFile : ExampleFile
{
    private const int ShownColumns = 20;
    private const int ShownCharacters = 40;

    // The header is read as any other record, since whether there is one is for the caller to say.
    private static readonly CsvReaderOptions s_options = new()
    {
        HasHeader = false,
        TrimWhitespace = true,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private readonly DataSource _source;
    private readonly CsvReader _csv;
    private readonly List<long> _lines = [];
    private string[]? _names;
    private int _columnCount;
    private int _labelColumn;
    private float[] _features = [];

    private CsvFile(string path, DataSource source, CsvReader csv)
        : base(path)
    {
        _source = source;
        _csv = csv;
    }

    /// <inheritdoc/>
    public override FileLabels Labels { get; } = new();

    /// <inheritdoc/>
    public override int FeatureCount => _columnCount - 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string>? FeatureNames =>
        _names is null ? null : [.. _names.Where((_, column) => column != _labelColumn)];

    /// <inheritdoc/>
    public override long HeldBytes => (long)_features.Length * sizeof(float);

    /// <summary>Reads the whole file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="source">Says whether there are column names, and which column holds the label.</param>
    /// <param name="memory">Refuses what does not fit.</param>
    /// <param name="cancellation">Stops within some thousand rows.</param>
    /// <exception cref="DatamodelException">
    /// The file is not there, cannot be read, is empty or does not fit into memory; a row is bad (the message names line, column
    /// and value); there is no such label column.
    /// </exception>
    public static CsvFile Open(string path, DataSource source, DataMemory memory, CancellationToken cancellation) =>
        DataFile.Guard(path, () =>
        {
            // The whole file before its first row: damaged gzip can come out as a bad row before its checksum fails.
            long lineCount = CountLines(path, cancellation);
            using Stream content = DataFile.Open(path).Content;
            try
            {
                using CsvReader csv = CsvReader.Create(content, s_options, leaveOpen: true);
                var file = new CsvFile(path, source, csv);
                file.Read(lineCount, memory, cancellation);
                return file;
            }
            catch (CsvFormatException e)
            {
                throw new DatamodelException(
                    "CsvMalformed", ErrorKind.InvalidData,
                    $"{path}, line {e.LineNumber}: not well-formed CSV ({e.Message}); "
                    + "look for a quote that is not closed or not doubled.", e);
            }
        });

    /// <inheritdoc/>
    public override (string Before, string After) PlaceText => ($"{Path}, line ", "");

    /// <inheritdoc/>
    public override long Number(int example) => _lines[example];

    /// <inheritdoc/>
    public override void ReadFeatures(FeatureDestination destination, CancellationToken cancellation)
    {
        for (int example = 0; example < _lines.Count; example++)
        {
            Span<float> features = destination(example);
            if (features.Length > 0)
            {
                _features.AsSpan(example * FeatureCount, FeatureCount).CopyTo(features);
            }
        }
    }

    /// <summary>Line ends of any kind, and one; at least as many as there are examples.</summary>
    private static long CountLines(string path, CancellationToken cancellation)
    {
        using Stream content = DataFile.Open(path).Content;
        byte[] chunk = new byte[1 << 16];
        long lines = 1;
        byte last = 0;
        for (int read; (read = content.Read(chunk, 0, chunk.Length)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (byte b in chunk.AsSpan(0, read))
            {
                lines += b == '\r' || (b == '\n' && last != '\r') ? 1 : 0;
                last = b;
            }
        }

        return lines;
    }

    private void Read(long lineCount, DataMemory memory, CancellationToken cancellation)
    {
        while (_csv.Read())
        {
            long line = _csv.LineNumber;
            if (_columnCount == 0)
            {
                _columnCount = _csv.FieldCount;
                if (_source.Header)
                {
                    _names = ReadNames(line);
                }

                _labelColumn = FindLabelColumn();
                memory.Require(Path, FeatureCount, heldBytes: 0, lineCount);
                _features = new float[lineCount * FeatureCount];
                if (_source.Header)
                {
                    continue;
                }
            }

            if (_lines.Count % 1024 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            ReadRow(line);
        }

        if (_lines.Count == 0)
        {
            throw new DatamodelException(
                "DataFileEmpty", ErrorKind.InvalidData,
                _names is null
                    ? $"'{Path}' is empty; expected one example a line."
                    : $"'{Path}' has column names but no examples; expected one example a line below them.");
        }
    }

    private string[] ReadNames(long line)
    {
        string[] names = [.. Enumerable.Range(0, _columnCount).Select(_csv.GetString)];
        bool allNumbers = names.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        if (allNumbers && names.Distinct().Count() < names.Length)
        {
            throw new DatamodelException(
                "HeaderMissing", ErrorKind.InvalidData,
                $"{Path}, line {line}: column names were expected but there are numbers, some of them more than once; "
                + "if the file has no column names, leave Header off.");
        }

        return names;
    }

    private int FindLabelColumn()
    {
        string wanted = _source.LabelColumn;
        if (_columnCount < 2)
        {
            throw new DatamodelException(
                "TooFewColumns", ErrorKind.InvalidData,
                $"'{Path}' has a single column; expected features and a label, separated by commas (semicolons, "
                + "tabs and bars will do too).");
        }

        int[] named = [.. Enumerable.Range(0, _names?.Length ?? 0).Where(i => _names![i] == wanted)];
        if (named.Length > 1)
        {
            throw new DatamodelException(
                "LabelColumnAmbiguous", ErrorKind.InvalidArgument,
                $"'{Path}' has {named.Length} columns named '{wanted}'; "
                + $"give the label column by its number, such as {named[0] + 1}.");
        }

        if (named.Length == 1)
        {
            return named[0];
        }

        if (int.TryParse(wanted, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            && number != 0 && Math.Abs((long)number) <= _columnCount)
        {
            return number > 0 ? number - 1 : _columnCount + number;
        }

        string columns = _names is null
            ? $"1 to {_columnCount} (or -1, the last, to -{_columnCount}); it has no column names unless Header is set"
            : string.Join(", ", _names.Take(ShownColumns).Select(name => $"'{name}'"))
                + (_names.Length > ShownColumns ? $", … ({_names.Length} in all)" : "");
        throw new DatamodelException(
            "LabelColumnNotFound", ErrorKind.NotFound,
            $"'{Path}' has no label column '{wanted}'; its columns are {columns}.");
    }

    private void ReadRow(long line)
    {
        if (_csv.FieldCount != _columnCount)
        {
            throw new DatamodelException(
                "RowLengthDiffers", ErrorKind.InvalidData,
                $"{Path}, line {line}: {_csv.FieldCount} columns, where the first line has {_columnCount}; "
                + "look for a separator too many or too few.");
        }

        Span<float> features = _features.AsSpan(_lines.Count * FeatureCount, FeatureCount);
        for (int column = 0, next = 0; column < _columnCount; column++)
        {
            ReadOnlySpan<byte> text = _csv.GetSpan(column);
            if (column == _labelColumn)
            {
                Labels.Add(text.Length > 0 ? _csv.GetString(column) : throw BadValue(line, column, "a label"));
            }
            else if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                && float.IsFinite(value))
            {
                features[next++] = value;
            }
            else
            {
                throw BadValue(line, column, "a finite number");
            }
        }

        _lines.Add(line);
    }

    private DatamodelException BadValue(long line, int column, string expected)
    {
        string text = _csv.GetString(column);
        string name = _names is null ? "" : $" ('{_names[column]}')";
        string shown = text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text;
        string printable = new([.. shown.Select(c => char.IsControl(c) ? '?' : c)]);
        string found = text.Length == 0 ? "the value is empty" : $"the value is '{printable}'";
        string hint = line == 1 && text.Length > 0
            ? "If the first line holds column names, set Header."
            : column == _labelColumn
                ? "Fill it in, or remove the line."
                : $"Every column but the label, column {_labelColumn + 1}, holds numbers, "
                    + "with a decimal point, and none for thousands. Fill in or remove what is missing, turn words into numbers, "
                    + "or choose another label column.";
        return new DatamodelException(
            "ValueInvalid", ErrorKind.InvalidData,
            $"{Path}, line {line}, column {column + 1}{name}: {found}; expected {expected}. {hint}");
    }
}
