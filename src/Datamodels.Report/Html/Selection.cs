namespace Datamodels.Report.Html;

/// <summary>The part of a long list that is shown, and words that say so.</summary>
/// <param name="Items">What is shown, in its order.</param>
/// <param name="Said">Such as <c>The 20 targets with the largest weights, of 10,000.</c></param>
internal sealed record Selection<T>(IReadOnlyList<T> Items, string Said)
{
    /// <summary>The first of an ordered list.</summary>
    /// <param name="ordered">All of it, what matters most first.</param>
    /// <param name="top">How many are shown.</param>
    /// <param name="noun">What they are, one of them.</param>
    /// <param name="order">What comes first, such as <c>with the largest weights</c>.</param>
    public static Selection<T> Of(IReadOnlyList<T> ordered, int top, string noun, string order) => new(
        [.. ordered.Take(top)],
        ordered.Count <= top
            ? $"{Capital(Numbers.Count(ordered.Count, noun))}, those {order} first."
            : $"The {Numbers.Count(top, noun)} {order}, of {Numbers.Count(ordered.Count)}.");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
