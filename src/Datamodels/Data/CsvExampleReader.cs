using System.Globalization;
using CsvHelper;
using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>
/// Reads comma-separated values, gzip-compressed or not, with or without a line of column names: one example a line, one
/// column holds the label and every other column a feature.
/// </summary>
internal sealed class CsvExampleReader
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
    private string[]? _names;
    private int _columnCount;
    private int _labelColumn;

    private CsvExampleReader(DataSource source, CsvReader csv)
    {
        _source = source;
        _csv = csv;
    }

    /// <summary>Reads the whole file.</summary>
    /// <exception cref="DatamodelException">
    /// The file is not there, cannot be read or is empty; a row is bad (the message names line, column and value); there is
    /// no such label column.
    /// </exception>
    public static ExampleTable Read(DataSource source, CancellationToken cancellation)
    {
        try
        {
            using Stream file = OpenFile(source.Path);
            try
            {
                using CsvReader csv = CsvReader.Create(file, s_options, leaveOpen: true);
                return new CsvExampleReader(source, csv).Read(cancellation);
            }
            catch (Exception e) when (e is DatamodelException or CsvFormatException)
            {
                // Damaged gzip can come out as a bad row before its checksum fails: read to the end to know.
                byte[] rest = new byte[1 << 16];
                while (file.Read(rest, 0, rest.Length) > 0)
                {
                }

                throw;
            }
        }
        catch (InvalidDataException e)
        {
            throw new DatamodelException(
                "GzipDamaged", ErrorKind.InvalidData,
                $"'{source.Path}' is gzip-compressed but cut short or damaged ({e.Message}); copy or download it again.", e);
        }
        catch (CsvFormatException e)
        {
            throw new DatamodelException(
                "CsvMalformed", ErrorKind.InvalidData,
                $"{source.Path}, line {e.LineNumber}: not well-formed CSV ({e.Message}); "
                + "look for a quote that is not closed or not doubled.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "DataFileUnreadable", ErrorKind.InputOutput, $"'{source.Path}' cannot be read: {e.Message}", e);
        }
    }

    private static Stream OpenFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DatamodelException(
                "DataFileIsFolder", ErrorKind.InvalidArgument, $"'{path}' is a folder; give the path of one CSV file.");
        }

        try
        {
            return GzipReader.OpenPlainOrGzip(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatamodelException(
                "DataFileNotFound", ErrorKind.NotFound, $"There is no file '{path}'; check the path.", e);
        }
    }

    private ExampleTable Read(CancellationToken cancellation)
    {
        var table = new ExampleTable([], [], []);
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
                if (_source.Header)
                {
                    continue;
                }
            }

            if (table.Rows.Count % 1024 == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            ReadRow(table, line);
        }

        if (table.Rows.Count == 0)
        {
            throw new DatamodelException(
                "DataFileEmpty", ErrorKind.InvalidData,
                _names is null
                    ? $"'{_source.Path}' is empty; expected one example a line."
                    : $"'{_source.Path}' has column names but no examples; expected one example a line below them.");
        }

        return table;
    }

    private string[] ReadNames(long line)
    {
        string[] names = [.. Enumerable.Range(0, _columnCount).Select(_csv.GetString)];
        bool allNumbers = names.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
        if (allNumbers && names.Distinct().Count() < names.Length)
        {
            throw new DatamodelException(
                "HeaderMissing", ErrorKind.InvalidData,
                $"{_source.Path}, line {line}: column names were expected but there are numbers, some of them more than once; "
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
                $"'{_source.Path}' has a single column; expected features and a label, separated by commas (semicolons, "
                + "tabs and bars will do too).");
        }

        int[] named = [.. Enumerable.Range(0, _names?.Length ?? 0).Where(i => _names![i] == wanted)];
        if (named.Length > 1)
        {
            throw new DatamodelException(
                "LabelColumnAmbiguous", ErrorKind.InvalidArgument,
                $"'{_source.Path}' has {named.Length} columns named '{wanted}'; "
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
            $"'{_source.Path}' has no label column '{wanted}'; its columns are {columns}.");
    }

    private void ReadRow(ExampleTable table, long line)
    {
        if (_csv.FieldCount != _columnCount)
        {
            throw new DatamodelException(
                "RowLengthDiffers", ErrorKind.InvalidData,
                $"{_source.Path}, line {line}: {_csv.FieldCount} columns, where the first line has {_columnCount}; "
                + "look for a separator too many or too few.");
        }

        float[] features = new float[_columnCount - 1];
        for (int column = 0, next = 0; column < _columnCount; column++)
        {
            ReadOnlySpan<byte> text = _csv.GetSpan(column);
            if (column == _labelColumn)
            {
                table.Labels.Add(text.Length > 0 ? _csv.GetString(column) : throw BadValue(line, column, "a label"));
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

        table.Rows.Add(features);
        table.Lines.Add(line);
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
                : $"Every column but the label, column {_labelColumn + 1}, holds numbers: "
                    + "fill in or remove what is missing, or choose another label column.";
        return new DatamodelException(
            "ValueInvalid", ErrorKind.InvalidData,
            $"{_source.Path}, line {line}, column {column + 1}{name}: {found}; expected {expected}. {hint}");
    }
}
