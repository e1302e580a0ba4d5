using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>Opens files of data and turns what goes wrong while one is read into errors that name it.</summary>
internal static class DataFile
{
    /// <summary>Opens a file to be read from start to end, decompressed if it is gzip.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The content, and its length where that is known without decompressing it.</returns>
    public static (Stream Content, long? Length) Open(string path)
    {
        Stream content = GzipReader.OpenPlainOrGzip(path);
        return (content, content is GzipReader ? null : content.Length);
    }

    /// <summary>Does what reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="DatamodelException">The file is not there, cannot be read, or is damaged in its compression.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new DatamodelException(
                "GzipDamaged", ErrorKind.InvalidData,
                $"'{path}' is gzip-compressed but cut short or damaged ({e.Message.TrimEnd('.')}); "
                + "copy or download it again.", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatamodelException(
                "DataFileNotFound", ErrorKind.NotFound, $"There is no file '{path}'; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatamodelException(
                "DataFileUnreadable", ErrorKind.InputOutput, $"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
