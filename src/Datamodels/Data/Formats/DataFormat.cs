using System.Text.RegularExpressions;

namespace Datamodels.Data;

/// <summary>How the examples of a file are written.</summary>
internal enum DataFormat
{
    /// <summary>Comma-separated values.</summary>
    Csv,

    /// <summary>The format of MNIST.</summary>
    Idx,

    /// <summary>One array saved by NumPy.</summary>
    Npy,

    /// <summary>Several arrays saved by NumPy.</summary>
    Npz,

    /// <summary>The binary version of CIFAR-10 and CIFAR-100.</summary>
    Cifar,
}

/// <summary>Tells the format of a file.</summary>
internal static partial class DataFormats
{
    /// <summary>
    /// The format that the file's name says, so that a file of that name with another content is an error; else the one that
    /// its content begins like; else CSV.
    /// </summary>
    public static DataFormat Of(string path) => ByName(path) ?? DataFile.Guard(path, () =>
    {
        (Stream content, _) = DataFile.Open(path);
        using (content)
        {
            Span<byte> start = stackalloc byte[6];
            start = start[..content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            return start switch
            {
                [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'] => DataFormat.Npy,
                [(byte)'P', (byte)'K', 3 or 5, 4 or 6, ..] => DataFormat.Npz,
                [0, 0, >= 0x08 and <= 0x0E, > 0, ..] => DataFormat.Idx,
                _ => DataFormat.Csv,
            };
        }
    });

    /// <summary>The format that a file's name says, letter case and a <c>.gz</c> aside; null where it says none.</summary>
    public static DataFormat? ByName(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        string bare = name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;
        return Path.GetExtension(bare) switch
        {
            ".csv" or ".tsv" => DataFormat.Csv,
            ".npy" => DataFormat.Npy,
            ".npz" => DataFormat.Npz,
            ".bin" => DataFormat.Cifar,
            _ => IdxName().IsMatch(bare) ? DataFormat.Idx : null,
        };
    }

    [GeneratedRegex(@"[-.]idx\d?(-ubyte)?$")]
    private static partial Regex IdxName();
}
