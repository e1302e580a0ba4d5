using Datamodels.Learners;

namespace Datamodels.Worker;

/// <summary>Shows what a learner's program has to say, a line each.</summary>
/// <param name="output">Where; written to from several threads.</param>
internal sealed class MessageLines(TextWriter output) : IProgress<EngineMessage>
{
    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public void Report(EngineMessage value)
    {
        if (value.Kind != MessageKind.Verbose)
        {
            _output.WriteLine(value.Text);
        }
    }
}
