using Datamodels.Data;
using Datamodels.IO;

namespace Datamodels.Learners;

/// <summary>
/// The examples as NumPy files in a temporary folder of their own, where a program in any language finds them; deleted at
/// disposal.
/// </summary>
internal sealed class SharedExamples : IDisposable
{
    // Floats written at a time.
    private const int ChunkSize = 1 << 20;

    private readonly string _folder;

    private SharedExamples(string folder, ExampleSet train, ExampleSet targets, CancellationToken cancellation)
    {
        _folder = folder;
        Train = Write("train", train, cancellation);
        Targets = ReferenceEquals(train, targets) ? Train : Write("targets", targets, cancellation);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>Files of the training set.</summary>
    public SharedSet Train { get; }

    /// <summary>Files of the targets; those of the training set where all of it is the targets.</summary>
    public SharedSet Targets { get; }

    /// <summary>Writes the files.</summary>
    /// <exception cref="DatamodelException">There is no room, or no permission.</exception>
    public static SharedExamples Write(ExampleSet train, ExampleSet targets, CancellationToken cancellation)
    {
        string? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory("datamodels-").FullName;
            return new SharedExamples(folder, train, targets, cancellation);
        }
        catch (Exception e)
        {
            Delete(folder);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new DatamodelException(
                    "ExamplesNotWritten", ErrorKind.InputOutput,
                    $"The examples cannot be written to '{folder ?? Path.GetTempPath()}', where the learner's program would "
                    + $"read them: {e.Message.TrimEnd('.')}. Make room there, or choose another temporary folder by the "
                    + $"environment variable {(OperatingSystem.IsWindows() ? "TEMP" : "TMPDIR")}.",
                    e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Delete(_folder);
    }

    // A session that is left does not wait for a job in the background to end.
    private void OnProcessExit(object? sender, EventArgs e) => Delete(_folder);

    private static void Delete(string? folder)
    {
        try
        {
            if (folder is not null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in the temporary folder: the system clears it away.
        }
    }

    private SharedSet Write(string name, ExampleSet set, CancellationToken cancellation)
    {
        var files = new SharedSet(
            Path.Combine(_folder, $"{name}-features.npy"), Path.Combine(_folder, $"{name}-labels.npy"), set.Count);
        using (NpyFile features = NpyFile.Create(files.Features, new NpyHeader(NpyType.Single, [set.Count, set.FeatureCount])))
        {
            int rows = Math.Max(1, ChunkSize / set.FeatureCount);
            for (int first = 0; first < set.Count; first += rows)
            {
                cancellation.ThrowIfCancellationRequested();
                int count = Math.Min(rows, set.Count - first);
                features.Write(first, set.Features.Slice(first * set.FeatureCount, count * set.FeatureCount));
            }
        }

        using NpyFile labels = NpyFile.Create(files.Labels, new NpyHeader(NpyType.Int32, [set.Count]));
        labels.Write(0, set.Labels);
        return files;
    }
}

/// <summary>Where a program finds labelled examples.</summary>
/// <param name="Features">float32 <c>[Count, features]</c>.</param>
/// <param name="Labels">int32 <c>[Count]</c>.</param>
/// <param name="Count">Number of examples.</param>
internal sealed record SharedSet(string Features, string Labels, int Count);
