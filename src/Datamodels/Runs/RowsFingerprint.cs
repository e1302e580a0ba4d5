using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>The identity of the rows of a run: what a fit depends on, and nothing else.</summary>
internal static class RowsFingerprint
{
    /// <summary>SHA-256, in lower-case hexadecimal, of rows that are known by their marks.</summary>
    /// <param name="output">What their outputs are.</param>
    /// <param name="models">Model of each row, <c>[rows]</c>.</param>
    /// <param name="marks">Checksum of each row, <c>[rows]</c>.</param>
    public static string OfMarks(OutputKind output, int[] models, uint[] marks) =>
        Of(output, models, MemoryMarshal.AsBytes<uint>(marks), []);

    /// <summary>SHA-256, in lower-case hexadecimal, of rows in memory.</summary>
    /// <param name="rows">The rows.</param>
    public static string OfBytes(RunRows rows) =>
        Of(rows.Output, rows.Models, rows.MaskBytes, MemoryMarshal.AsBytes<float>(rows.Outputs));

    private static string Of(OutputKind output, int[] models, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { (int)output, models.Length, first.Length, second.Length }));
        hash.AppendData(MemoryMarshal.AsBytes<int>(models));
        hash.AppendData(first);
        hash.AppendData(second);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
