using System.Runtime.InteropServices;

namespace Datamodels.Kernels;

/// <summary>Memory for kernels: floats that begin on a cache line, 0 at first.</summary>
internal sealed unsafe class NativeFloats : IDisposable
{
    /// <param name="count">Number of floats.</param>
    public NativeFloats(nint count)
    {
        Count = count;
        Data = (float*)NativeMemory.AlignedAlloc(
            (nuint)Math.Max(count, 1) * sizeof(float), KernelLayout.Alignment * sizeof(float));
        Clear();
    }

    ~NativeFloats() => NativeMemory.AlignedFree(Data);

    /// <summary>Number of floats.</summary>
    public nint Count { get; }

    /// <summary>The first of them.</summary>
    public float* Data { get; }

    /// <summary>Sets all to 0.</summary>
    public void Clear() => NativeMemory.Clear(Data, (nuint)Count * sizeof(float));

    public void Dispose()
    {
        NativeMemory.AlignedFree(Data);
        GC.SuppressFinalize(this);
    }
}
