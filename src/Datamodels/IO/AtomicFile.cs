namespace Datamodels.IO;

/// <summary>Writes files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes under another name beside it, flushes to the disk, and only then renames over <paramref name="path"/>.
    /// </summary>
    /// <exception cref="DatamodelException">Writing failed; an older file of that name is as it was.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".writing";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            Discard(temporary);
            if (exception is IOException or UnauthorizedAccessException)
            {
                throw new DatamodelException(
                    "FileNotWritten", ErrorKind.InputOutput,
                    $"The file '{path}' could not be written: {exception.Message.TrimEnd('.')}. "
                    + "Check the free space and the permissions of its folder, then try again.",
                    exception);
            }

            throw;
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What went wrong first is what matters; the leftover's name says what it is.
        }
    }
}
