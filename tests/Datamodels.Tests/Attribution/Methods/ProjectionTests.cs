using Datamodels.Attribution;
using Datamodels.Kernels;
using Xunit;

namespace Datamodels.Tests.Attribution;

public unsafe class ProjectionTests
{
    [Fact]
    public void Inner_products_are_kept_on_average()
    {
        const int Parameters = 1200;
        const int Dimensions = 100;
        using var gradients = new NativeFloats(2 * Parameters);
        double xx = 0, xy = 0, yy = 0;
        for (int p = 0; p < Parameters; p++)
        {
            float x = gradients.Data[p] = MathF.Sin(p);
            float y = gradients.Data[Parameters + p] = MathF.Sin(p + 0.5f);
            (xx, xy, yy) = (xx + (x * x), xy + (x * y), yy + (y * y));
        }

        // The deviation of one projected product is about sqrt(2 / k) of the lengths; that of their mean is 20 times less.
        double mean = 0;
        var seen = new HashSet<double>();
        for (ulong seed = 0; seed < 400; seed++)
        {
            using var projection = new Projection(seed, Parameters, Dimensions);
            Assert.Equal(Dimensions, projection.Dimension);
            using var projected = new NativeFloats(2 * projection.Row);
            projection.Add(gradients.Data, 2, projected.Data);
            double product = 0;
            for (int j = 0; j < Dimensions; j++)
            {
                product += projected.Data[j] * projected.Data[projection.Row + j];
            }

            seen.Add(product);
            mean += product / 400;
        }

        Assert.Equal(400, seen.Count);
        double error = Math.Sqrt(2.0 / Dimensions) * Math.Sqrt(xx * yy) / 20;
        Assert.InRange(mean, xy - (4 * error), xy + (4 * error));
    }

    [Fact]
    public void What_has_no_more_dimensions_is_left_as_it_is()
    {
        using var gradients = new NativeFloats(700);
        for (int p = 0; p < 700; p++)
        {
            gradients.Data[p] = p;
        }

        using var projection = new Projection(3, 700, 700);
        using var projected = new NativeFloats(projection.Row);
        projection.Add(gradients.Data, 1, projected.Data);
        Assert.Equal(Enumerable.Range(0, 700).Select(p => (float)p), new ReadOnlySpan<float>(projected.Data, 700).ToArray());
    }
}
