namespace Datamodels.IO;

/// <summary>
/// Reads lines of bytes from what another program writes. One that is longer than the limit comes in pieces, so that no line
/// takes more memory, however long it is.
/// </summary>
/// <param name="stream">Where from; the caller's to close.</param>
/// <param name="limit">Bytes of the longest line, or piece.</param>
internal sealed class LineReader(Stream stream, int limit)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly MemoryStream _line = new();
    private int _start;
    private int _end;

    /// <summary>Waits for the next line or piece; null at the end of the stream.</summary>
    /// <exception cref="IOException">Reading failed.</exception>
    public TextLine? Read()
    {
        _line.SetLength(0);
        while (true)
        {
            ReadOnlySpan<byte> waiting = _buffer.AsSpan(_start, _end - _start);
            int newline = waiting.IndexOf((byte)'\n');
            int length = newline < 0 ? waiting.Length : newline;
            if (_line.Length + length > limit)
            {
                int kept = limit - (int)_line.Length;
                _line.Write(waiting[..kept]);
                _start += kept;
                return new TextLine(_line.ToArray(), LineEnd.Limit);
            }

            _line.Write(waiting[..length]);
            if (newline >= 0)
            {
                _start += newline + 1;
                return new TextLine(_line.ToArray(), LineEnd.LineFeed);
            }

            _start = 0;
            _end = stream.Read(_buffer);
            if (_end == 0)
            {
                return _line.Length == 0 ? null : new TextLine(_line.ToArray(), LineEnd.Stream);
            }
        }
    }
}

/// <summary>One line, or a piece of one.</summary>
/// <param name="Bytes">Without the line feed.</param>
/// <param name="End">What ended it.</param>
internal sealed record TextLine(byte[] Bytes, LineEnd End);

/// <summary>What ended a line.</summary>
internal enum LineEnd
{
    /// <summary>A line feed.</summary>
    LineFeed,

    /// <summary>It is as long as is allowed, and goes on.</summary>
    Limit,

    /// <summary>The end of the stream.</summary>
    Stream,
}
