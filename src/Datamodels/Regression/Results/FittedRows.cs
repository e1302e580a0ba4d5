using Datamodels.Runs;

namespace Datamodels.Regression;

/// <summary>The rows of a run that datamodels were fitted on; all of one fit share it.</summary>
/// <param name="models">Model of each row, ascending, <c>[rows]</c>.</param>
/// <param name="fingerprint">Their <see cref="IRunRows.Fingerprint"/>.</param>
internal sealed class FittedRows(EquatableList<int> models, string fingerprint)
{
    /// <summary>Of datamodels that were fitted to no run.</summary>
    public static FittedRows None { get; } = new([], "none");

    /// <summary>Model of each row, ascending, <c>[rows]</c>.</summary>
    public EquatableList<int> Models => models;

    /// <summary>Their <see cref="IRunRows.Fingerprint"/>.</summary>
    public string Fingerprint => fingerprint;

    /// <summary>Takes note of rows; where they have no checksums, this reads them all.</summary>
    /// <exception cref="DatamodelException">Reading failed.</exception>
    public static FittedRows Of(IRunRows rows)
    {
        int[] models = [.. Enumerable.Range(0, rows.Count).Select(rows.ModelOf)];
        return new FittedRows(new EquatableList<int>(models), rows.Fingerprint);
    }
}
