namespace Datamodels.Regression;

/// <summary>A target that no datamodel can be fitted to.</summary>
/// <param name="Target">Number of the target in the run.</param>
/// <param name="Reason">Why: its margins are constant, or not all finite.</param>
public sealed record FitFailure(int Target, DatamodelException Reason)
{
    /// <inheritdoc/>
    public override string ToString() => Reason.Message;
}
