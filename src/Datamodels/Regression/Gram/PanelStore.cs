using System.Runtime.InteropServices;
using Datamodels.Data;
using Microsoft.Win32.SafeHandles;

namespace Datamodels.Regression;

/// <summary>
/// The panels of a square matrix of float32, <c>[n, n]</c>: panel p holds the columns from p * width on, row-major,
/// <c>[n, width]</c>, so that some rows of a panel are one piece of memory. The first panels are in memory, as many as fit
/// the limit, the others in a temporary file that is gone when this is disposed of or the process ends. Several threads may
/// read and write at once, each other pieces.
/// </summary>
internal sealed class PanelStore : IDisposable
{
    private readonly float[][] _inMemory;
    private readonly SafeFileHandle? _file;
    private readonly int _rows;
    private readonly int _width;

    /// <summary>Makes room for all panels; what they hold is not defined yet.</summary>
    /// <param name="columnCount">Columns and rows of the matrix, n.</param>
    /// <param name="width">Columns of a panel.</param>
    /// <param name="memoryLimit">Bytes that the panels in memory may take, 4 n width each.</param>
    /// <param name="folder">Where the file is, if there is to be one; it takes 4 n width bytes for each other panel.</param>
    /// <exception cref="DatamodelException">
    /// <c>GramNotWritten</c>: the folder's disk has no room for the file or it cannot be made there;
    /// <c>GramNotInMemory</c>: the process is not given that much memory.
    /// </exception>
    public PanelStore(int columnCount, int width, long memoryLimit, string folder)
    {
        _rows = columnCount;
        _width = width;
        Count = (columnCount + width - 1) / width;
        long inMemory = Math.Min(Count, memoryLimit / PanelBytes);
        if (inMemory < Count)
        {
            _file = CreateFile(folder, (Count - inMemory) * PanelBytes);
        }

        try
        {
            _inMemory = new float[inMemory][];
            for (int panel = 0; panel < _inMemory.Length; panel++)
            {
                _inMemory[panel] = NewPanel();
            }
        }
        catch (OutOfMemoryException e)
        {
            _file?.Dispose();
            throw new DatamodelException(
                "GramNotInMemory", ErrorKind.InvalidArgument,
                $"The process was not given the {DataMemory.InWords(inMemory * PanelBytes)} of memory that the Gram matrix of "
                + $"{columnCount} examples is to take. Give a lower MemoryLimit; the rest is kept on disk then.", e);
        }
    }

    /// <summary>Number of panels.</summary>
    public int Count { get; }

    private long PanelBytes => (long)_rows * _width * sizeof(float);

    /// <summary>
    /// A panel, <c>[n, width]</c>: itself where it is in memory, else what the file holds of it, read into
    /// <paramref name="buffer"/>.
    /// </summary>
    /// <param name="panel">Number of the panel.</param>
    /// <param name="buffer">One thread's memory for a panel, 4 n width bytes; made when it is first needed.</param>
    /// <exception cref="DatamodelException"><c>GramNotRead</c>: the file cannot be read.</exception>
    public float[] Panel(int panel, ref float[]? buffer)
    {
        if (panel < _inMemory.Length)
        {
            return _inMemory[panel];
        }

        buffer ??= NewPanel();
        Read(panel, 0, buffer);
        return buffer;
    }

    /// <summary>Reads some whole rows of a panel.</summary>
    /// <param name="panel">Number of the panel.</param>
    /// <param name="firstRow">First of the rows.</param>
    /// <param name="values">Receives them, <c>[rows, width]</c>.</param>
    /// <exception cref="DatamodelException"><c>GramNotRead</c>: the file cannot be read.</exception>
    public void Read(int panel, int firstRow, Span<float> values)
    {
        if (panel < _inMemory.Length)
        {
            _inMemory[panel].AsSpan(firstRow * _width, values.Length).CopyTo(values);
            return;
        }

        try
        {
            Span<byte> bytes = MemoryMarshal.AsBytes(values);
            for (long at = FileOffset(panel, firstRow); bytes.Length > 0;)
            {
                int read = RandomAccess.Read(_file!, bytes, at);
                if (read == 0)
                {
                    throw new EndOfStreamException("it has become shorter");
                }

                at += read;
                bytes = bytes[read..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "GramNotRead", ErrorKind.InputOutput,
                $"The temporary file of the Gram matrix cannot be read: {e.Message.TrimEnd('.')}. Check its disk; fit again.", e);
        }
    }

    /// <summary>Writes some whole rows of a panel.</summary>
    /// <param name="panel">Number of the panel.</param>
    /// <param name="firstRow">First of the rows.</param>
    /// <param name="values">The rows, <c>[rows, width]</c>.</param>
    /// <exception cref="DatamodelException"><c>GramNotWritten</c>: the file cannot be written.</exception>
    public void Write(int panel, int firstRow, ReadOnlySpan<float> values)
    {
        if (panel < _inMemory.Length)
        {
            values.CopyTo(_inMemory[panel].AsSpan(firstRow * _width));
            return;
        }

        try
        {
            RandomAccess.Write(_file!, MemoryMarshal.AsBytes(values), FileOffset(panel, firstRow));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "GramNotWritten", ErrorKind.InputOutput,
                $"The temporary file of the Gram matrix cannot be written: {e.Message.TrimEnd('.')}. Check its disk; fit again.",
                e);
        }
    }

    public void Dispose() => _file?.Dispose();

    // All of the room is taken now, so that what follows cannot run out of it.
    private static SafeFileHandle CreateFile(string folder, long bytes)
    {
        string path = Path.Combine(folder, $"gram-{Guid.NewGuid():N}.tmp");
        try
        {
            SafeFileHandle file = File.OpenHandle(
                path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose,
                preallocationSize: bytes);
            if (!OperatingSystem.IsWindows())
            {
                // Windows deletes it whatever becomes of the process; elsewhere only a file without a name is sure to go.
                File.Delete(path);
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "GramNotWritten", ErrorKind.InputOutput,
                $"What the memory limit leaves of the Gram matrix takes a temporary file of {DataMemory.InWords(bytes)} in "
                + $"'{folder}', which cannot be made: {e.Message.TrimEnd('.')}. Make room there, or give a higher MemoryLimit.",
                e);
        }
    }

    private float[] NewPanel() => GC.AllocateUninitializedArray<float>(checked(_rows * _width));

    private long FileOffset(int panel, int firstRow) =>
        ((panel - _inMemory.Length) * PanelBytes) + ((long)firstRow * _width * sizeof(float));
}
