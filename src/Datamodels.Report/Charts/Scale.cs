using System.Globalization;

namespace Datamodels.Report.Charts;

/// <summary>Where numbers are on an axis, and which of them are written there.</summary>
internal sealed class Scale
{
    private readonly bool _isLogarithmic;

    private Scale(double low, double high, bool isLogarithmic, IReadOnlyList<double> ticks, int decimals)
    {
        Low = low;
        High = high;
        Ticks = ticks;
        Decimals = decimals;
        _isLogarithmic = isLogarithmic;
    }

    /// <summary>The lowest number on the axis.</summary>
    public double Low { get; }

    /// <summary>The highest number on the axis, above <see cref="Low"/>.</summary>
    public double High { get; }

    /// <summary>Round numbers, ascending, from <see cref="Low"/> to <see cref="High"/>.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Decimals that tell the ticks apart.</summary>
    private int Decimals { get; }

    /// <summary>
    /// A linear scale over all values that are finite, widened to round numbers; from 0 to 1 where there are none. Ticks are told
    /// apart down to 1e-15.
    /// </summary>
    /// <param name="values">The values.</param>
    /// <param name="intervals">At most about so many intervals between ticks, and at least a third of that.</param>
    /// <param name="whole">Whether ticks are whole numbers only.</param>
    public static Scale Linear(IEnumerable<double> values, int intervals = 8, bool whole = false)
    {
        (double low, double high) = RangeOf(values);
        if (low == high)
        {
            // One value alone is in the middle.
            double around = low == 0 ? 1 : Math.Abs(low) / 2;
            (low, high) = (low - around, high + around);
        }

        double step = Step((high - low) / intervals);
        step = whole ? Math.Max(1, step) : step;

        // A value that is a tick but for rounding has no other beside it.
        double first = Math.Floor((low / step) + 1e-9), last = Math.Ceiling((high / step) - 1e-9);
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(step) + 1e-9), 0, 15);
        double[] ticks =
        [
            .. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Math.Round((first + i) * step, decimals)),
        ];
        return new Scale(ticks[0], ticks[^1], isLogarithmic: false, ticks, decimals);
    }

    /// <summary>A logarithmic scale over all values above 0, widened to 1, 2 or 5 times a power of ten.</summary>
    /// <param name="values">The values.</param>
    public static Scale Logarithmic(IEnumerable<double> values)
    {
        (double low, double high) = RangeOf(values.Where(value => value > 0));
        low = low == 0 ? 0.1 : low;
        double[] round =
        [
            .. from decade in Enumerable.Range((int)Math.Floor(Math.Log10(low)), (int)Math.Ceiling(Math.Log10(high / low)) + 3)
               from digit in new[] { 1, 2, 5 }
               select digit * Math.Pow(10, decade),
        ];
        int first = Array.FindLastIndex(round, tick => tick <= low * (1 + 1e-9));
        int last = Array.FindIndex(round, tick => tick >= high * (1 - 1e-9));
        double[] within = round[first..(Math.Max(last, first + 1) + 1)];

        // Over several decades, their ends are enough.
        double[] ticks = within.Length <= 7 ? within : [.. within.Where(tick => Math.Log10(tick) % 1 == 0)];
        int decimals = Math.Clamp((int)-Math.Floor(Math.Log10(within[0])), 0, 15);
        return new Scale(within[0], within[^1], isLogarithmic: true, ticks, decimals);
    }

    /// <summary>Where a number is: 0 at the low end, 1 at the high end; what is beyond an end is at it.</summary>
    public double At(double value)
    {
        double fraction = _isLogarithmic
            ? Math.Log(Math.Max(value, Low) / Low) / Math.Log(High / Low)
            : (value - Low) / (High - Low);
        return Math.Clamp(fraction, 0, 1);
    }

    /// <summary>A tick as it is written.</summary>
    public string Label(double tick) => tick
        .ToString(_isLogarithmic ? $"#,0.{new string('#', Decimals)}" : $"N{Decimals}", CultureInfo.InvariantCulture)
        .Replace('-', '−');

    private static (double Low, double High) RangeOf(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
    }

    // The smallest of 1, 2 and 5 times a power of ten that is no smaller.
    private static double Step(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double digit = new[] { 1.0, 2, 5, 10 }.First(digit => digit * power >= least * (1 - 1e-9));
        return digit * power;
    }
}
