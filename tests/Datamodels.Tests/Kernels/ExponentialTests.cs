using System.Runtime.Intrinsics;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Kernels;

public class ExponentialTests
{
    [Fact]
    public void Stays_within_its_stated_error_from_0_down_to_where_it_is_cut()
    {
        for (int i = 0; i <= 870_000; i++)
        {
            float x = -i * 1e-4f;
            double expected = Math.Exp(x);
            Assert.InRange(Exponential<SimdScalar, float>.Of(x), expected * (1 - 2e-7), expected * (1 + 2e-7));
        }

        Assert.Equal(1f, Exponential<SimdScalar, float>.Of(0));
        Assert.Equal(Exponential<SimdScalar, float>.Of(-87f), Exponential<SimdScalar, float>.Of(-1e30f));
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        for (int i = 0; i < 2000; i++)
        {
            float x = -i * 0.0517f;
            float expected = Exponential<SimdScalar, float>.Of(x);
            Assert.Equal(Vector128.Create(expected), Exponential<Simd128, Vector128<float>>.Of(Vector128.Create(x)));
            Assert.Equal(Vector256.Create(expected), Exponential<Simd256, Vector256<float>>.Of(Vector256.Create(x)));
            Assert.Equal(Vector512.Create(expected), Exponential<Simd512, Vector512<float>>.Of(Vector512.Create(x)));
        }
    }
}
