using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Datamodels.Data;

/// <summary>
/// The identity of a data set: what training depends on and nothing else (not names, not where it was read from).
/// </summary>
internal static class DataFingerprint
{
    /// <summary>
    /// SHA-256, in lower-case hexadecimal, over shapes, features (as little-endian float32) and labels of both sets.
    /// </summary>
    public static string Compute(TrainingData data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ExampleSet set in new[] { data.Train, data.Test })
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { set.Count, set.FeatureCount, data.ClassCount }));
            for (int example = 0; example < set.Count; example++)
            {
                // Row by row: all bytes of a large set are more than a span can have.
                hash.AppendData(MemoryMarshal.AsBytes(set.Row(example)));
            }

            hash.AppendData(MemoryMarshal.AsBytes(set.Labels));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
