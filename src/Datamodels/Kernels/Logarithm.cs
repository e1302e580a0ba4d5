namespace Datamodels.Kernels;

/// <summary>
/// Natural logarithm of a positive, normal number: x = m 2^e with m in [sqrt(1/2), sqrt(2)), and
/// ln m = 2 artanh((m - 1) / (m + 1)) by its series. Relative error under 1e-14.
/// </summary>
/// <remarks>Own code and not the platform's, so that outputs have the same bits everywhere.</remarks>
internal static class Logarithm
{
    // The series ends where (m - 1) / (m + 1), at most 0.1716, to the power of 2 Terms + 1 is below rounding.
    private const int Terms = 10;
    private const double Ln2 = 0.69314718055994531;
    private const double SquareRootOfTwo = 1.4142135623730951;

    public static double Of(double x)
    {
        int exponent = Math.ILogB(x);
        double m = Math.ScaleB(x, -exponent);
        if (m >= SquareRootOfTwo)
        {
            m /= 2;
            exponent++;
        }

        return (exponent * Ln2) + OnePlus(m - 1);
    }

    /// <summary>ln(1 + x) for x in [sqrt(1/2) - 1, sqrt(2) - 1], exact also where x is tiny.</summary>
    private static double OnePlus(double x)
    {
        double ratio = x / (2 + x);
        double square = ratio * ratio;
        double sum = 0;
        for (int term = Terms; term >= 0; term--)
        {
            sum = (sum * square) + (1.0 / ((2 * term) + 1));
        }

        return 2 * ratio * sum;
    }

    /// <summary>ln(1 + x) for x in [0, 1], to a relative error of 1e-14 however small x is.</summary>
    public static double OfOnePlus(double x) => x < SquareRootOfTwo - 1 ? OnePlus(x) : Of(1 + x);
}
