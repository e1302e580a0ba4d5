using System.Buffers.Binary;
using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>
/// The IDX format of MNIST (LeCun, Cortes, Burges): two zero bytes, a type code, the number of axes, their lengths as
/// big-endian uint32, then the elements in C order. Gzip-compressed or not.
/// </summary>
internal static class IdxFile
{
    /// <summary>Reads the header.</summary>
    /// <exception cref="DatamodelException">It is not an IDX file, is cut short or damaged, or cannot be read.</exception>
    public static StoredArray Open(string path) => DataFile.Guard(path, () =>
    {
        (Stream content, long? length) = DataFile.Open(path);
        using (content)
        {
            Span<byte> start = stackalloc byte[4];
            int read = content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            if (read < start.Length || start[0] != 0 || start[1] != 0 || !ElementType.TryParseIdx(start[2], out ElementType type))
            {
                throw new DatamodelException(
                    "IdxForeign", ErrorKind.InvalidData,
                    $"'{path}' is not an IDX file: it begins with {Convert.ToHexString(start[..read])}; expected 0000, a type "
                    + "code (08, 09, 0B, 0C, 0D or 0E) and the number of axes.");
            }

            byte[] axes = new byte[4 * start[3]];
            if (content.ReadAtLeast(axes, axes.Length, throwOnEndOfStream: false) < axes.Length)
            {
                throw new DatamodelException(
                    "DataFileLength", ErrorKind.InvalidData,
                    $"'{path}' ends within the lengths of its {start[3]} axes; copy or download the file again.");
            }

            int headerLength = start.Length + axes.Length;
            long[] shape = [.. axes.Chunk(4).Select(axis => (long)BinaryPrimitives.ReadUInt32BigEndian(axis))];
            return new StoredArray(
                path, Path.GetFileName(path), type, [.. shape], length - headerLength, () => OpenAt(path, headerLength));
        }
    });

    private static Stream OpenAt(string path, int offset)
    {
        (Stream content, _) = DataFile.Open(path);
        content.ReadExactly(new byte[offset]);
        return content;
    }
}
