using Datamodels.Kernels;

namespace Datamodels.Benchmarks;

/// <summary>Memory with numbers in it: zeros could hide what slow numbers cost.</summary>
internal static unsafe class RandomFloats
{
    /// <summary>Numbers uniform on [-1/2, 1/2).</summary>
    public static NativeFloats Make(nint count)
    {
        var floats = new NativeFloats(count);
        var random = new RandomStream(1, RandomPurpose.Initialization, 0);
        for (nint i = 0; i < count; i++)
        {
            floats.Data[i] = random.NextSingle() - 0.5f;
        }

        return floats;
    }
}
