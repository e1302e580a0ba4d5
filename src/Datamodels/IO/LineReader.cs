namespace Datamodels.IO;

/// <summary>
/// Reads lines of bytes from what another program writes. No line takes more memory than the limit, however long it is.
/// </summary>
/// <param name="stream">Where from; the caller's to close.</param>
/// <param name="limit">Bytes of a line that are kept.</param>
internal sealed class LineReader(Stream stream, int limit)
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly MemoryStream _line = new();
    private int _start;
    private int _end;

    /// <summary>Waits for the next line.</summary>
    /// <returns>
    /// The line, or at the end of the stream what stands there without a line's end; null where there is nothing more.
    /// </returns>
    /// <exception cref="IOException">Reading failed.</exception>
    public TextLine? Read()
    {
        _line.SetLength(0);
        bool cut = false;
        while (true)
        {
            int newline = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            int length = newline < 0 ? _end - _start : newline;
            int kept = (int)Math.Min(length, limit - _line.Length);
            _line.Write(_buffer, _start, kept);
            cut |= kept < length;
            _start += newline < 0 ? length : length + 1;
            if (newline >= 0)
            {
                return new TextLine(_line.ToArray(), cut, IsEnded: true);
            }

            _start = 0;
            _end = stream.Read(_buffer);
            if (_end == 0)
            {
                return _line.Length == 0 ? null : new TextLine(_line.ToArray(), cut, IsEnded: false);
            }
        }
    }
}

/// <summary>One line.</summary>
/// <param name="Bytes">Without the line feed.</param>
/// <param name="IsCut">Whether it was longer than is kept.</param>
/// <param name="IsEnded">Whether there was a line feed, or the stream ended before it.</param>
internal sealed record TextLine(byte[] Bytes, bool IsCut, bool IsEnded);
