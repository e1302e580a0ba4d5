using Datamodels.IO;
using Xunit;

namespace Datamodels.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failed_write_leaves_the_older_file_and_nothing_else()
    {
        string path = _folder.Write("a.txt", "old");
        var exception = Assert.Throws<DatamodelException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device.");
        }));
        Assert.Equal(ErrorKind.InputOutput, exception.Kind);
        Assert.Contains("No space left", exception.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string path = _folder.File("none/a.txt");
        Assert.Contains(
            path, Assert.Throws<DatamodelException>(() => AtomicFile.Write(path, _ => { })).Message,
            StringComparison.Ordinal);
    }
}
