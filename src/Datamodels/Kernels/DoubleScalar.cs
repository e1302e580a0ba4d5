namespace Datamodels.Kernels;

/// <summary>float64 with one lane: the meaning of every operation, for tests and for processors without vectors.</summary>
internal readonly unsafe struct DoubleScalar : ILanes<double, double>
{
    public static int Width => 1;

    public static int RowBlock => 4;

    public static double Load(double* source) => *source;

    public static void Store(double value, double* target) => *target = value;

    public static double Broadcast(double value) => value;

    public static double Number(float value) => value;

    public static double* Numbers(float* source, nint count, double* room)
    {
        for (nint i = 0; i < count; i++)
        {
            room[i] = source[i];
        }

        return room;
    }

    public static double MultiplyAdd(double x, double y, double z) => Math.FusedMultiplyAdd(x, y, z);

    public static double Add(double x, double y) => x + y;

    public static double Subtract(double x, double y) => x - y;

    public static double Multiply(double x, double y) => x * y;

    public static double Divide(double x, double y) => x / y;

    public static double Max(double x, double y) => x > y ? x : y;

    public static double WhereGreater(double x, double y, double yes, double no) => x > y ? yes : no;

    public static bool IsZero(double x) => x == 0;
}
