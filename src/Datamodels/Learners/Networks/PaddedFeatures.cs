using System.Runtime.InteropServices;
using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// The features of a set as kernels want them: each example on cache lines of its own. Read by all trainers at once.
/// </summary>
internal sealed unsafe class PaddedFeatures : IDisposable
{
    private readonly float* _memory;

    public PaddedFeatures(ExampleSet set)
    {
        Row = KernelLayout.Pad(set.FeatureCount);
        Count = set.Count;
        nuint bytes = (nuint)set.Count * (nuint)Row * sizeof(float);
        _memory = (float*)NativeMemory.AlignedAlloc(Math.Max(bytes, 1), KernelLayout.Alignment * sizeof(float));
        NativeMemory.Clear(_memory, bytes);
        for (int i = 0; i < set.Count; i++)
        {
            set.Row(i).CopyTo(new Span<float>(Example(i), set.FeatureCount));
        }
    }

    ~PaddedFeatures() => NativeMemory.AlignedFree(_memory);

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Floats from example to example.</summary>
    public int Row { get; }

    /// <summary>The features of one example, <c>[Row]</c>.</summary>
    public float* Example(int index) => _memory + (nint)index * Row;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        GC.SuppressFinalize(this);
    }
}
