using Datamodels.Data;
using Datamodels.Kernels;

namespace Datamodels.Learners;

/// <summary>
/// The features of a set as kernels want them: each example on cache lines of its own. Read by all trainers at once.
/// </summary>
internal sealed unsafe class PaddedFeatures : IDisposable
{
    private readonly NativeFloats _memory;

    public PaddedFeatures(ExampleSet set)
    {
        Row = KernelLayout.Pad(set.FeatureCount);
        Count = set.Count;
        _memory = new NativeFloats((nint)Count * Row);
        for (int i = 0; i < set.Count; i++)
        {
            set.Row(i).CopyTo(new Span<float>(Example(i), set.FeatureCount));
        }
    }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Floats from example to example.</summary>
    public int Row { get; }

    /// <summary>The features of one example, <c>[Row]</c>.</summary>
    public float* Example(int index) => _memory.Data + (nint)index * Row;

    public void Dispose() => _memory.Dispose();
}
