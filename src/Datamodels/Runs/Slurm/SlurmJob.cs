namespace Datamodels.Runs;

/// <summary>An array job of Slurm that trains a run, each task one shard of it.</summary>
public sealed record SlurmJob
{
    /// <summary>The job's number; null where the script was written and not submitted.</summary>
    public required string? JobId { get; init; }

    /// <summary>Number of shards that the run is cut into.</summary>
    public required int ShardCount { get; init; }

    /// <summary>The shards that have models to train, from 1; each has a task, whose number in the array is its own.</summary>
    public required EquatableList<int> Shards { get; init; }

    /// <summary>The batch script.</summary>
    public required string Script { get; init; }

    /// <summary>Where the tasks' output goes: a path in which <c>%A</c> is the job and <c>%a</c> the task.</summary>
    public required string LogPath { get; init; }

    /// <summary>The run's folder.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(JobId is null ? "job that is not submitted" : $"job {JobId}")}, {Shards.Count} of {ShardCount} shards of {Path}";
}
