namespace Datamodels.Data;

/// <summary>What a reader of a file format hands over: the rows as they stand in the file, not yet split or scaled.</summary>
/// <param name="Rows">Features of each example in file order, <c>[examples][features]</c>; all finite.</param>
/// <param name="Labels">The label of each example as written, <c>[examples]</c>; none is empty.</param>
/// <param name="Lines">The line of the file that each example begins on, 1-based, <c>[examples]</c>.</param>
internal sealed record ExampleTable(List<float[]> Rows, List<string> Labels, List<long> Lines);
