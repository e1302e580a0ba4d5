namespace Datamodels.Report.Html;

/// <summary>The part of a long list that is shown, and words that say so.</summary>
/// <param name="Items">What is shown, in its order.</param>
/// <param name="Said">Such as <c>The first 20 of 10,000 targets, by their largest weight.</c></param>
internal sealed record Selection<T>(IReadOnlyList<T> Items, string Said)
{
    /// <summary>The first of an ordered list.</summary>
    /// <param name="ordered">All of it, in order.</param>
    /// <param name="top">How many are shown.</param>
    /// <param name="noun">What they are, one of them.</param>
    /// <param name="order">The order, such as <c>by their largest weight</c>.</param>
    public static Selection<T> Of(IReadOnlyList<T> ordered, int top, string noun, string order) => new(
        [.. ordered.Take(top)],
        ordered.Count == 1 ? $"One {noun}."
        : ordered.Count <= top ? $"All {Numbers.Count(ordered.Count, noun)}, {order}."
        : $"The first {Numbers.Count(top)} of {Numbers.Count(ordered.Count, noun)}, {order}.");
}
