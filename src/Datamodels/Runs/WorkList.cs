using System.Collections.Concurrent;
using Datamodels.Learners;

namespace Datamodels.Runs;

/// <summary>
/// Hands out the models that a run lacks while other processes may be doing the same. Nothing is claimed, so a process that
/// dies holds nothing: each takes the models in an order of its own, a few neighbours at a time (their rows share pages of
/// the disk), and just before a model is trained looks whether another has done it meanwhile. Seldom is a model trained
/// twice, and then to the same bytes; the order never changes them.
/// </summary>
internal sealed class WorkList
{
    private const int ChunkSize = 8;

    private readonly RunSpec _spec;
    private readonly int[] _models;
    private readonly Func<int, bool> _isDone;
    private readonly ConcurrentDictionary<int, TrainingTask> _pending = new();
    private int _left;

    /// <summary>Makes a list.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="models">The models that it lacks, ascending.</param>
    /// <param name="isDone">
    /// Whether a model has been done by another process by now; called from the thread that takes tasks.
    /// </param>
    public WorkList(RunSpec spec, int[] models, Func<int, bool> isDone)
    {
        _spec = spec;
        _models = models;
        _isDone = isDone;
        _left = models.Length;
    }

    /// <summary>Models neither given back by <see cref="Take"/> nor done by others.</summary>
    public int LeftCount => Volatile.Read(ref _left);

    /// <summary>The tasks; to be read once, by one thread at a time.</summary>
    public IEnumerable<TrainingTask> Tasks()
    {
        int[][] chunks = [.. _models.Chunk(ChunkSize)];
        Random.Shared.Shuffle(chunks);
        foreach (int model in chunks.SelectMany(chunk => chunk))
        {
            if (_isDone(model))
            {
                Interlocked.Decrement(ref _left);
                continue;
            }

            var task = new TrainingTask(
                model, _spec.Plan.MaskOf(model, _spec.TrainCount), _spec.Plan.TrainingSeedOf(model));
            _pending[model] = task;
            yield return task;
        }
    }

    /// <summary>The task of a model that was handed out and is trained now; null for any other.</summary>
    public TrainingTask? Take(int model)
    {
        if (!_pending.TryRemove(model, out TrainingTask? task))
        {
            return null;
        }

        Interlocked.Decrement(ref _left);
        return task;
    }
}
